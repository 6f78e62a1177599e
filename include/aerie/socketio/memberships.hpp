#pragma once

/// \file
/// The rooms that one socket is in.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

namespace aerie { inline namespace v1 { namespace socketio {

/// A socket's place in a room: the room's number on its shard, and where the room lists the socket.
struct Membership {
  /// Of no room.
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t room = none;
  std::uint32_t index = 0;
};

/// The memberships of one socket in the order of joining, in one block of memory: a pointer for a socket that
/// has joined none, eight bytes for each room of those that are in few, and up to six more where there are so
/// many that they are found by hash. To add, to find and to remove takes amortized constant time. Belongs to
/// one thread.
class AERIE_API Memberships {
 public:
  Memberships() noexcept;
  Memberships(Memberships&& other) noexcept;
  Memberships& operator=(Memberships&& other) noexcept;
  ~Memberships();

  std::size_t size() const noexcept;
  bool empty() const noexcept { return size() == 0; }
  /// In the order of joining; those that have been removed may still be there, with `none` as their room.
  std::span<Membership const> entries() const noexcept;

  /// Null if there is none of this room. Valid until something is added or removed.
  Membership* find(std::uint32_t room) noexcept;
  /// Adds it, or throws `std::bad_alloc` and changes nothing. REQUIRES: there is none of the same room.
  void add(Membership membership);
  /// Removes it; the others keep their order. REQUIRES: `find` has given it.
  void remove(Membership& membership) noexcept;

 private:
  struct Block;
  struct Free {
    void operator()(Block* block) const noexcept;
  };
  using BlockPointer = std::unique_ptr<Block, Free>;

  static std::size_t capacity_for(std::size_t size) noexcept;
  static BlockPointer allocate(std::size_t capacity) noexcept;
  void move_to(BlockPointer block) noexcept;
  void shrink() noexcept;

  BlockPointer block_;
};

}}}  // namespace aerie::v1::socketio
