#include "schema/json_number.hpp"
#include "schema/json_string.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/schema/json.hpp>

namespace aerie { inline namespace v1 { namespace json {

void Writer::separate() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

void Writer::null() {
  separate();
  out_.append("null");
}

void Writer::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
}

void Writer::integer(std::int64_t value) {
  separate();
  core::append_decimal(out_, value);
}

void Writer::unsigned_integer(std::uint64_t value) {
  separate();
  core::append_decimal(out_, value);
}

void Writer::number(double value) {
  separate();
  append_number(out_, value);
}

void Writer::string(std::string_view text) {
  separate();
  append_quoted(out_, text);
}

void Writer::date(Date value) {
  if (!value.is_valid()) return null();
  separate();
  out_.push_back('"');
  out_.append(value.to_iso_string());
  out_.push_back('"');
}

void Writer::bytes(Bytes const& value) {
  separate();
  if (attachments_ != nullptr) {
    out_.append(R"({"_placeholder":true,"num":)");
    core::append_decimal(out_, attachments_->size());
    out_.push_back('}');
    attachments_->push_back(value);
    return;
  }
  out_.append(R"({"type":"Buffer","data":[)");
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i != 0) out_.push_back(',');
    core::append_decimal(out_, std::uint64_t{value[i]});
  }
  out_.append("]}");
}

void Writer::raw_json(std::string_view text) {
  separate();
  out_.append(text);
}

void Writer::begin_array(std::size_t) {
  separate();
  out_.push_back('[');
  needs_comma_ = false;
}

void Writer::end_array() {
  out_.push_back(']');
  needs_comma_ = true;
}

void Writer::begin_object(std::size_t) {
  separate();
  out_.push_back('{');
  needs_comma_ = false;
}

void Writer::key(std::string_view name) {
  separate();
  append_quoted(out_, name);
  out_.push_back(':');
  needs_comma_ = false;
}

void Writer::end_object() {
  out_.push_back('}');
  needs_comma_ = true;
}

}}}  // namespace aerie::v1::json
