#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// Where a page is from (RFC 6454 §4), in the form in which two can be compared: scheme and host in small
/// letters, the port always there.
struct Origin {
  std::string scheme;
  std::string host;
  std::uint16_t port = 0;

  bool operator==(Origin const&) const = default;
};

/// An Origin header's value. Nothing if it is no origin with a host, such as `null`.
std::optional<Origin> parse_origin(std::string_view text);

/// The origin of the pages at `host`, which may have a port, by `scheme`.
std::optional<Origin> origin_at(std::string_view scheme, std::string_view host);

/// An origin as browsers write it: small letters, no port if it is the scheme's usual one. What is none stays
/// as it is.
std::string normal_origin(std::string_view text);

}}}  // namespace aerie::v1::http
