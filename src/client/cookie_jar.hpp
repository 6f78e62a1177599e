#pragma once

/// \file
/// The cookies that one server has set, for `Options::with_credentials`: what load balancers recognise a
/// client by. Belongs to one shard.

#include <aerie/core/clock.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace client {

/// As the official client's under Node.js: cookies are kept by name, their domain and path are not looked at,
/// for there is one server.
class CookieJar {
 public:
  /// What is kept at most: a server could set new ones for ever.
  static constexpr std::size_t most_cookies = 50;
  static constexpr std::size_t longest_cookie = 4096;

  /// Takes the value of a `Set-Cookie` header (RFC 6265 §5.2). One that is none is ignored; one that has
  /// expired deletes that of its name.
  void take(std::string_view set_cookie, core::WallTime now);
  /// The value of a `Cookie` header; empty if there are none.
  std::string header(core::WallTime now) const;

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::optional<core::WallTime> expires;
  };
  std::vector<Cookie> cookies_;
};

}}}  // namespace aerie::v1::client
