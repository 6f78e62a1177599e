#pragma once

/// \file
/// The address of a peer, kept in 8 bytes.

#include <aerie/core/api.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

struct sockaddr;

namespace aerie { inline namespace v1 { namespace core {

/// An IP address with a port; or neither, for streams that have no network. Each connection has several of
/// it: IPv4 stands in place, while all copies of an IPv6 address share one counted record. So copies may be
/// used on different threads at once, as if they had nothing in common.
class AERIE_API Endpoint {
 public:
  Endpoint() noexcept = default;
  Endpoint(Endpoint const& other) noexcept : word_(other.word_) {
    if (shares()) record()->references.fetch_add(1, std::memory_order_relaxed);
  }
  Endpoint(Endpoint&& other) noexcept : word_(std::exchange(other.word_, 0)) {}
  Endpoint& operator=(Endpoint other) noexcept {
    std::swap(word_, other.word_);
    return *this;
  }
  ~Endpoint() {
    if (shares()) [[unlikely]]
      release();
  }

  /// What the operating system says; nothing of families other than IPv4 and IPv6. Throws std::bad_alloc.
  static Endpoint from(sockaddr const& address);

  /// An address in text, IPv4 or IPv6 (without brackets), and a port; nothing if it is none. Throws
  /// std::bad_alloc.
  static std::optional<Endpoint> parse(std::string_view address, std::uint16_t port = 0);

  /// `127.0.0.1` or `::1`; an IPv4 address that arrived over an IPv6 socket is shown as IPv4. Empty if
  /// unknown.
  std::string address() const;
  std::uint16_t port() const noexcept {
    return shares() ? record()->port : static_cast<std::uint16_t>(word_ >> 16U);
  }
  /// The address in network order: 4 or 16 bytes, none if it is unknown. Valid as long as this object is
  /// neither assigned to nor destroyed.
  std::span<std::uint8_t const> bytes() const noexcept {
    if (shares()) return record()->bytes;
    if (word_ == 0) return {};
    return {reinterpret_cast<std::uint8_t const*>(&word_) + v4_at, 4};
  }

  bool operator==(Endpoint const& other) const noexcept {
    return word_ == other.word_ || (shares() && other.shares() && record()->says_the_same(*other.record()));
  }

 private:
  /// An IPv6 address.
  struct Record {
    std::atomic<std::uint32_t> references{1};
    std::uint16_t port;
    std::array<std::uint8_t, 16> bytes;

    bool says_the_same(Record const& other) const noexcept {
      return port == other.port && bytes == other.bytes;
    }
  };

  static constexpr std::uint64_t is_v4 = 1;  // no record has an odd address
  static constexpr std::size_t v4_at = std::endian::native == std::endian::little ? 4 : 0;

  bool shares() const noexcept { return word_ != 0 && (word_ & is_v4) == 0; }
  /// REQUIRES: shares().
  Record* record() const noexcept { return reinterpret_cast<Record*>(static_cast<std::uintptr_t>(word_)); }
  void release() noexcept;

  /// 0 if there is no address; of IPv6 where the record is; of IPv4, from the highest bits down, the four
  /// bytes in the order in which they stand in memory, the port, and `is_v4`.
  std::uint64_t word_ = 0;
};

static_assert(sizeof(Endpoint) == 8);

}}}  // namespace aerie::v1::core
