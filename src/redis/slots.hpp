#pragma once

#include <aerie/core/address.hpp>
#include <aerie/redis/reply.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

inline constexpr std::int16_t slot_count = 16384;

/// The slot of a key or a channel: CRC16 of it, or of what stands in its first braces if that is not empty.
/// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
std::int16_t slot_of(std::string_view key) noexcept;

/// What a node says to somebody who has asked the wrong one: `MOVED 3999 127.0.0.1:6381`, `ASK ...`.
struct Redirection {
  bool ask = false;
  std::int16_t slot = 0;
  core::Address address = {};

  /// Nothing if the error is none, or is malformed. `asked`: who has said it, whose host is meant if it names
  /// none.
  static std::optional<Redirection> parse(Reply const& error, core::Address const& asked);
};

/// Which node has which slot. A plain value.
class SlotMap {
 public:
  /// From the answer to CLUSTER SLOTS; nothing if it is none.
  static std::optional<SlotMap> parse(Reply const& answer, core::Address const& asked);

  SlotMap() noexcept { owners_.fill(nobody); }

  /// The master of a slot; null if there is none, or it is not known.
  core::Address const* owner(std::int16_t slot) const noexcept;
  void set_owner(std::int16_t slot, core::Address const& address);
  /// All that have slots.
  std::vector<core::Address> const& nodes() const noexcept { return nodes_; }
  /// Of each of these that has not lost them all, one slot.
  std::vector<std::int16_t> slot_of_each_node() const;
  /// True if every slot has an owner.
  bool complete() const noexcept { return unowned_ == 0; }

 private:
  static constexpr std::uint16_t nobody = 0xFFFF;

  std::uint16_t index_of(core::Address const& address);

  std::vector<core::Address> nodes_;
  std::array<std::uint16_t, slot_count> owners_;
  std::size_t unowned_ = slot_count;
};

}}}  // namespace aerie::v1::redis
