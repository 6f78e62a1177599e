#include "http/characters.hpp"

#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/http/response.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 { namespace http {

namespace {

void check_header(std::string_view name, std::string_view value) {
  if (name.empty() || !all_in(token_characters, name)) {
    throw std::invalid_argument(core::concat("aerie: \"", name, "\" is no header name"));
  }
  if (skip_value(value.data(), value.data() + value.size()) != value.data() + value.size()) {
    throw std::invalid_argument(core::concat("aerie: the value of header ", name,
                                             " has a control character (CR, LF, NUL ...); remove it"));
  }
}

Response with_type(int status, std::string_view type, std::string body) {
  Response response{status, {}, std::move(body), nullptr};
  response.headers.emplace_back("Content-Type", type);
  return response;
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

void append_header(std::string& header_lines, std::string_view name, std::string_view value) {
  check_header(name, value);
  header_lines.append(name).append(": ").append(value).append("\r\n");
}

Response Response::json(int status, std::string body) {
  return with_type(status, "application/json; charset=utf-8", std::move(body));
}

Response Response::text(int status, std::string body) {
  return with_type(status, "text/plain; charset=utf-8", std::move(body));
}

Response Response::html(int status, std::string body) {
  return with_type(status, "text/html; charset=utf-8", std::move(body));
}

Response Response::empty(int status) {
  return {status, {}, {}, nullptr};
}

Response Response::redirect(std::string location, int status) {
  Response response{status, {}, {}, nullptr};
  response.set("Location", location);
  return response;
}

Response& Response::set(std::string_view name, std::string_view value) {
  check_header(name, value);
  std::erase_if(headers, [&](auto const& header) { return equal_ignoring_case(header.first, name); });
  headers.emplace_back(name, value);
  return *this;
}

Response& Response::add(std::string_view name, std::string_view value) {
  check_header(name, value);
  headers.emplace_back(name, value);
  return *this;
}

Response& Response::set_cookie(std::string_view name, std::string_view value,
                               CookieAttributes const& attributes) {
  return add("Set-Cookie", http::set_cookie(name, value, attributes));
}

std::string_view Response::header(std::string_view name) const noexcept {
  for (auto const& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::string Response::header_lines() const {
  std::string lines;
  for (auto const& [name, value] : headers)
    append_header(lines, name, value);
  return lines;
}

}}}  // namespace aerie::v1::http
