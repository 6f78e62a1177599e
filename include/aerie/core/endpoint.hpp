#pragma once

/// \file
/// The address of a peer, kept in 20 bytes.

#include <aerie/core/api.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sockaddr;

namespace aerie { inline namespace v1 { namespace core {

/// An IP address with a port; or neither, for streams that have no network.
class AERIE_API Endpoint {
 public:
  Endpoint() noexcept = default;
  static Endpoint from(sockaddr const& address) noexcept;

  /// An address in text, IPv4 or IPv6 (without brackets), and a port; nothing if it is none.
  static std::optional<Endpoint> parse(std::string_view address, std::uint16_t port = 0) noexcept;

  /// `127.0.0.1` or `::1`; an IPv4 address that arrived over an IPv6 socket is shown as IPv4. Empty if
  /// unknown.
  std::string address() const;
  std::uint16_t port() const noexcept { return port_; }
  /// The address in network order: 4 or 16 bytes, none if it is unknown.
  std::span<std::uint8_t const> bytes() const noexcept {
    return {bytes_.data(), family_ == Family::none ? std::size_t{0} : family_ == Family::v4 ? 4U : 16U};
  }

  bool operator==(Endpoint const&) const = default;

 private:
  enum class Family : std::uint8_t { none, v4, v6 };
  std::array<std::uint8_t, 16> bytes_{};
  std::uint16_t port_ = 0;
  Family family_ = Family::none;
};

}}}  // namespace aerie::v1::core
