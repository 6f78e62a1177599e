#include "gateway/http_body.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/http/query.hpp>
#include <aerie/schema/json.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// "application/json" of "application/json; charset=utf-8".
std::string_view media_type(http::Request const& request) {
  auto const header = request.header("content-type");
  auto type = header.substr(0, header.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t'))
    type.remove_suffix(1);
  return type;
}

bool is_json(std::string_view type) {
  static constexpr std::string_view suffix = "+json";
  if (http::equal_ignoring_case(type, "application/json")) return true;
  return type.size() > suffix.size() &&
         http::equal_ignoring_case(type.substr(type.size() - suffix.size()), suffix);
}

Value read_json(std::string_view text) {
  if (!utf8::is_valid(text)) throw BadRequestException("The body is not valid UTF-8");
  json::Reader reader(text);
  Value value;
  if (reader.read_value(value) && reader.finish()) return value;
  if (reader.at_end()) throw BadRequestException("Unexpected end of JSON input");
  throw BadRequestException(reader.take_result().error().message);
}

}  // namespace

void add_field(Object& fields, std::string const& name, std::string value) {
  auto* const known = fields.find(name);
  if (known == nullptr) {
    fields.set(name, std::move(value));
  } else if (known->is_array()) {
    known->as_array().push_back(std::move(value));
  } else {
    *known = Value::array({*known, std::move(value)});
  }
}

Value read_form(std::string_view text) {
  Object members;
  http::each_parameter(text, [&members](std::string const& name, std::string const& value) {
    add_field(members, name, value);
  });
  return members;
}

Value read_body(http::Request const& request) {
  if (request.body.empty()) return {};
  auto const type = media_type(request);
  if (is_json(type)) return read_json(request.body);
  return http::equal_ignoring_case(type, "application/x-www-form-urlencoded") ? read_form(request.body)
                                                                              : Value();
}

bool is_form(http::Request const& request) {
  auto const type = media_type(request);
  return http::equal_ignoring_case(type, "application/x-www-form-urlencoded") ||
         http::equal_ignoring_case(type, "multipart/form-data");
}

}}}  // namespace aerie::v1::gateway
