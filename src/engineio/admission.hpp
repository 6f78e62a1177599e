#pragma once

#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/engineio/options.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aerie { inline namespace v1 { namespace engineio {

/// Who may open another session of a server: counts those that are open, in all and from each address.
/// Thread-safe.
class Admission {
 public:
  enum class Verdict : std::uint8_t { admitted, too_many, too_many_of_address, too_fast };

  explicit Admission(ServerOptions const& options);

  /// Takes a place for a session. `address` is needed where `counts_addresses`.
  Verdict enter(std::string_view address, core::TimePoint now);
  /// Gives a place back.
  void leave(std::string_view address);

  /// True if another session is certain to be refused.
  bool full() noexcept { return open() >= limit(); }
  std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }
  std::size_t limit() noexcept;
  bool counts_addresses() const noexcept { return per_address_ != 0 || per_second_ != 0; }

 private:
  struct Address {
    std::size_t open = 0;
    std::size_t new_ones = 0;  // within the second that began at
    core::TimePoint second{};
  };
  using Addresses = std::unordered_map<std::string, Address, core::KeyedHash, std::equal_to<>>;

  Verdict enter_from(std::string_view address, core::TimePoint now);
  void forget_the_quiet(core::TimePoint now);

  std::size_t const most_;
  std::size_t const per_address_;
  std::size_t const per_second_;
  std::atomic<std::size_t> descriptors_{0};
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  Addresses addresses_;
  core::TimePoint swept_{};
};

/// What sessions from `address` (as core::Endpoint writes it) are counted under: of IPv6 the first 64 bits.
std::string admission_key(std::string_view address);

}}}  // namespace aerie::v1::engineio
