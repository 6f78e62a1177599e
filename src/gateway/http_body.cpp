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

Value read_form(std::string_view text) {
  Object members;
  http::each_parameter(text, [&members](std::string const& name, std::string const& value) {
    auto* const known = members.find(name);
    if (known == nullptr) {
      members.set(name, value);
    } else if (known->is_array()) {
      known->as_array().push_back(value);
    } else {
      *known = Value::array({*known, value});
    }
  });
  return members;
}

Value read_body(http::Request const& request) {
  if (request.body.empty()) return {};
  auto const type = media_type(request);
  if (is_json(type)) return read_json(request.body);
  return is_form(request) ? read_form(request.body) : Value();
}

bool is_form(http::Request const& request) {
  return http::equal_ignoring_case(media_type(request), "application/x-www-form-urlencoded");
}

}}}  // namespace aerie::v1::gateway
