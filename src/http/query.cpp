#include "http/percent.hpp"

#include <aerie/http/query.hpp>

namespace aerie { inline namespace v1 { namespace http {

std::string decode_query(std::string_view text) {
  return percent_decode(text, PlusSign::is_space);
}

std::string decode_component(std::string_view text) {
  return percent_decode(text, PlusSign::is_plus);
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  std::optional<std::string_view> found;
  each_raw_parameter(query, [&](std::string_view key, std::string_view value) {
    if (key == name || (has_escape(key) && decode_query(key) == name)) found = value;
  });
  if (!found) return std::nullopt;
  return decode_query(*found);
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query.push_back('&');
  percent_encode(query, name);
  query.push_back('=');
  percent_encode(query, value);
}

}}}  // namespace aerie::v1::http
