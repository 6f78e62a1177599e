#pragma once

/// \file
/// The address of a peer, kept in 20 bytes.

#include <aerie/core/api.hpp>

#include <array>
#include <cstdint>
#include <string>

struct sockaddr;

namespace aerie { inline namespace v1 { namespace core {

/// An IP address with a port; or neither, for streams that have no network.
class AERIE_API Endpoint {
 public:
  Endpoint() noexcept = default;
  static Endpoint from(sockaddr const& address) noexcept;

  /// `127.0.0.1` or `::1`; an IPv4 address that arrived over an IPv6 socket is shown as IPv4. Empty if
  /// unknown.
  std::string address() const;
  std::uint16_t port() const noexcept { return port_; }

  bool operator==(Endpoint const&) const = default;

 private:
  enum class Family : std::uint8_t { none, v4, v6 };
  std::array<std::uint8_t, 16> bytes_{};
  std::uint16_t port_ = 0;
  Family family_ = Family::none;
};

}}}  // namespace aerie::v1::core
