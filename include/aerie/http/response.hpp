#pragma once

/// \file
/// What a request is answered with. A plain value; belongs to whoever holds it.

#include <aerie/core/api.hpp>
#include <aerie/http/cookie.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// `OK` for 200 and so on (RFC 9110 §15); `Unknown` for codes without a name.
AERIE_API std::string_view reason_phrase(int status) noexcept;

/// Appends `name: value\r\n`. Throws std::invalid_argument if the name is not a token or the value holds a
/// control character, as a value of user input could otherwise forge headers or a whole second response.
AERIE_API void append_header(std::string& header_lines, std::string_view name, std::string_view value);

struct AERIE_API Response {
  int status = 200;
  /// Content-Length, Date and Connection are added by the server and must not stand here.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// `application/json; charset=utf-8`; the body is sent as it is.
  static Response json(int status, std::string body);
  /// `text/plain; charset=utf-8`.
  static Response text(int status, std::string body);
  static Response html(int status, std::string body);
  /// 204, no body.
  static Response empty(int status = 204);
  /// 302 or another 3xx with a `Location`.
  static Response redirect(std::string location, int status = 302);

  /// Replaces the headers of that name, in any case, by this one. Throws std::invalid_argument as
  /// `append_header`.
  Response& set(std::string_view name, std::string_view value);
  /// Adds a header line beside those of the same name (`Set-Cookie`). Throws std::invalid_argument.
  Response& add(std::string_view name, std::string_view value);
  /// Sets a cookie beside others. Throws std::invalid_argument for one that browsers drop.
  Response& set_cookie(std::string_view name, std::string_view value,
                       CookieAttributes const& attributes = {});
  /// The value of the first header of that name, empty if there is none.
  std::string_view header(std::string_view name) const noexcept;
  /// All headers as lines. Throws std::invalid_argument if one of them was put in unchecked and is not
  /// allowed.
  std::string header_lines() const;
};

}}}  // namespace aerie::v1::http
