#pragma once

/// \file
/// What a request is answered with. A plain value; belongs to whoever holds it.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/generator.hpp>
#include <aerie/http/cookie.hpp>
#include <aerie/http/server_sent_event.hpp>

#include <memory>
#include <optional>
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

/// A body that is made while it is sent: the next part is asked for when the peer has room for it, and what
/// makes the parts is ended (`Cancelled`) when the peer leaves. It outlives the handler that has made it, but
/// not the request: a coroutine takes what it needs by value.
struct BodyStream {
  /// A body of these parts.
  explicit BodyStream(Generator<std::string> made) : parts(std::move(made)) {}

  /// What makes the parts.
  Generator<std::string> parts;
  /// One that was asked for already.
  std::optional<std::string> first = std::nullopt;
  /// Sent whenever nothing else was for so long; 0: never.
  core::Milliseconds keep_alive{0};
  /// What is sent then: it must mean nothing to the client.
  std::string keep_alive_text = {};
  /// The answer begins before there is a part, and ends with its client or the server.
  bool is_endless = false;
};

/// An answer as handlers return it.
struct AERIE_API Response {
  /// The status code.
  int status = 200;
  /// Content-Length, Date and Connection are added by the server and must not stand here.
  std::vector<std::pair<std::string, std::string>> headers;
  /// Sent as it is.
  std::string body;
  /// Instead of `body`. Copies share it, and one of them can be sent.
  std::shared_ptr<BodyStream> stream = nullptr;

  /// `application/json; charset=utf-8`; the body is sent as it is.
  static Response json(int status, std::string body);
  /// `text/plain; charset=utf-8`.
  static Response text(int status, std::string body);
  /// `text/html; charset=utf-8`.
  static Response html(int status, std::string body);
  /// A body that comes part by part, in chunks (RFC 9112 §7.1). What is thrown before the first part is
  /// answered as any error of a handler is; later it cuts the answer off, which the client can tell.
  static Response streamed(std::string_view type, Generator<std::string> parts, int status = 200);
  /// Server-sent events, for as long as the client stays.
  /// https://docs.nestjs.com/techniques/server-sent-events
  static Response events(Generator<ServerSentEvent> events, EventStreamOptions options = {});
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
