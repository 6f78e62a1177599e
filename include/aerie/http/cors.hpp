#pragma once

/// \file
/// Cross-origin resource sharing with the options of the npm package `cors`, which Socket.IO users know.
///
/// Thread contract: a Cors object never changes and may be used from any thread; so must a predicate.

#include <aerie/core/api.hpp>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

class Exchange;
class RequestHead;

/// Which pages may read the answers: every one ("*"), one or several origins (`https://example.com`; the
/// usual port may be left out, and the case of letters does not matter), any that asks (true), none (false),
/// or those a function accepts.
class AERIE_API CorsOrigin {
 public:
  /// Called with the Origin header's exact text, on any event loop.
  using Predicate = std::function<bool(std::string_view origin)>;

  /// Any of what the class says.
  CorsOrigin(bool any);
  CorsOrigin(char const* origin);
  CorsOrigin(std::string origin);
  CorsOrigin(std::vector<std::string> origins);
  CorsOrigin(std::initializer_list<char const*> origins);
  CorsOrigin(Predicate accepts);
  CorsOrigin(CorsOrigin const& other);
  CorsOrigin(CorsOrigin&& other) noexcept;
  CorsOrigin& operator=(CorsOrigin const& other);
  CorsOrigin& operator=(CorsOrigin&& other) noexcept;
  ~CorsOrigin();

  /// Whether it is "*".
  bool is_wildcard() const noexcept;
  /// False for `false`: then no CORS header is sent at all.
  bool enabled() const noexcept;
  /// Whether pages of this origin, the Origin header's exact text, may read the answers.
  bool allows(std::string_view origin) const;
  /// The origin if it is a single fixed one, which is sent whoever asks.
  std::string const* fixed() const noexcept;
  /// The origins if they are listed.
  std::vector<std::string> const* list() const noexcept;

 private:
  std::variant<bool, std::string, std::vector<std::string>, Predicate> value_;
};

/// The options of the npm package `cors`.
struct CorsOptions {
  /// Whose pages may read the answers.
  CorsOrigin origin = "*";
  /// What a preflight is told that they may ask with.
  std::vector<std::string> methods = {"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"};
  /// Empty: whatever the preflight asks for.
  std::vector<std::string> allowed_headers = {};
  /// Headers that pages may read besides those that they always may.
  std::vector<std::string> exposed_headers = {};
  /// Cookies and authorization may be sent along. Not together with origin "*", which no browser takes.
  /// Origin true answers each page with its own origin, as the npm package does, so with it every page may
  /// act in its visitors' name: only for servers that expect nothing else.
  bool credentials = false;
  /// How long browsers remember a preflight; nothing: as long as they like.
  std::optional<std::chrono::seconds> max_age = std::nullopt;
  /// True: preflights are not answered here but passed on, with the headers.
  bool preflight_continue = false;
  /// Status of the answer to a preflight.
  int options_success_status = 204;
};

/// Decides about requests from pages of other origins, and writes the headers that say so. Immutable; any
/// thread.
class AERIE_API Cors {
 public:
  /// Throws std::invalid_argument for options that no browser would honour, or that would be a hole.
  explicit Cors(CorsOptions options);

  /// Whether a page of `origin` (the header's exact text) may talk to this server. CORS does not cover the
  /// WebSocket handshake, so servers ask this themselves.
  bool allows_origin(std::string_view origin) const { return options_.origin.allows(origin); }

  /// The same for a WebSocket handshake: whether this server may accept it. Without an Origin it is no
  /// browser's, which is what this protects; and a page that this very server has sent is at home here,
  /// whatever CORS says of others: its origin has the host and port that the request asks for, as its browser
  /// sees them (behind a proxy see `ServerOptions::trusted_proxies`), and, where that is known, the scheme.
  bool allows_handshake(RequestHead const& head) const;
  /// The same. Each origin that is refused is logged once, with the remedy.
  bool allows_handshake(Exchange const& exchange) const;

  /// Appends the header lines of an answer to `head` that is not a preflight's.
  void apply(RequestHead const& head, std::string& header_lines) const;

  /// Answers OPTIONS, and returns true; false if the request is another one or `preflight_continue` is set.
  bool preflight(Exchange& exchange) const;
  /// Appends the header lines of an answer to a preflight.
  void apply_preflight(RequestHead const& head, std::string& header_lines) const;

  /// What it was made with.
  CorsOptions const& options() const noexcept { return options_; }

 private:
  static bool is_at_home(RequestHead const& head, std::string_view origin, std::optional<bool> secure);
  bool append_origin(RequestHead const& head, std::string& header_lines) const;

  CorsOptions options_;
  std::string common_lines_;
  std::string preflight_lines_;
};

}}}  // namespace aerie::v1::http
