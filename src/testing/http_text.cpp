#include "testing/http_text.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

bool has(Headers const& headers, std::string_view name) {
  return std::ranges::any_of(headers,
                             [&](auto const& each) { return http::equal_ignoring_case(each.first, name); });
}

template <class Number>
Number number_in(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Headers headers_in(std::string_view lines) {
  Headers headers;
  while (!lines.empty()) {
    auto const line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    auto const colon = std::min(line.find(':'), line.size());
    auto value = line.substr(std::min(colon + 1, line.size()));
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    headers.emplace_back(line.substr(0, colon), value);
  }
  return headers;
}

/// A body in chunks (RFC 9112 §7.1) from `begin` on, which is taken off `bytes`; nothing if it is not
/// complete.
std::optional<std::string> take_chunks(std::string& bytes, std::size_t begin) {
  std::string body;
  while (true) {
    auto const end_of_size = bytes.find("\r\n", begin);
    if (end_of_size == std::string::npos) return std::nullopt;
    std::size_t size = 0;
    std::from_chars(bytes.data() + begin, bytes.data() + end_of_size, size, 16);
    auto const chunk = end_of_size + 2;
    if (bytes.size() < chunk + size + 2) return std::nullopt;
    body.append(bytes, chunk, size);
    begin = chunk + size + 2;
    if (size != 0) continue;
    bytes.erase(0, begin);
    return body;
  }
}

}  // namespace

std::string to_text(HttpRequest const& request) {
  auto text = core::concat(request.method, " ", request.target, " HTTP/1.1\r\n");
  if (!has(request.headers, "host")) text += "Host: localhost\r\n";
  for (auto const& [name, value] : request.headers)
    text += core::concat(name, ": ", value, "\r\n");
  auto const wants_length = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                            request.method == "PATCH";
  if (wants_length && !has(request.headers, "content-length")) {
    text += core::concat("Content-Length: ", std::to_string(request.body.size()), "\r\n");
  }
  return text.append("\r\n").append(request.body);
}

std::optional<HttpResponse> take_response(std::string& bytes, std::string_view method) {
  static constexpr std::string_view end_of_head = "\r\n\r\n";
  auto const end = bytes.find(end_of_head);
  if (end == std::string::npos) return std::nullopt;
  std::string_view const head(bytes.data(), end);
  auto const status_line = head.substr(0, head.find("\r\n"));
  HttpResponse response;
  response.status = number_in<int>(status_line.substr(std::min<std::size_t>(9, status_line.size())));
  response.headers = headers_in(head.substr(std::min(status_line.size() + 2, head.size())));
  auto const begin = end + end_of_head.size();
  if (response.header("transfer-encoding") == "chunked" && method != "HEAD") {
    auto body = take_chunks(bytes, begin);
    if (!body) return std::nullopt;
    response.body = std::move(*body);
    return response;
  }
  auto const size = method == "HEAD" ? 0 : number_in<std::size_t>(response.header("content-length"));
  if (bytes.size() - begin < size) return std::nullopt;
  response.body = bytes.substr(begin, size);
  bytes.erase(0, begin + size);
  return response;
}

}}}  // namespace aerie::v1::testing
