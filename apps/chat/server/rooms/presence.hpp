#pragma once

/// \file
/// Who is in which room, over all shards and all instances. Thread-safe.

#include "cluster/census.hpp"
#include "model.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chat {

class Presence {
 public:
  /// Told of a room whose people have changed, here or elsewhere; on the thread where that was noticed,
  /// without a lock held.
  using Listener = std::function<void(Presence const&, RoomId)>;
  Presence(Census& census, Listener changed);
  Presence(Presence const&) = delete;
  Presence& operator=(Presence const&) = delete;

  /// One connection's stay in a room; it ends when this is destroyed.
  class Stay {
   public:
    Stay(Stay&& other) noexcept
        : presence_(std::exchange(other.presence_, nullptr)), room_(other.room_), user_(other.user_) {}
    Stay& operator=(Stay&&) = delete;
    ~Stay() {
      if (presence_ != nullptr) presence_->leave(room_, user_);
    }

   private:
    friend class Presence;
    Stay(Presence& presence, RoomId room, UserId user) noexcept
        : presence_(&presence), room_(room), user_(user) {}
    Presence* presence_;
    RoomId room_;
    UserId user_;
  };

  /// A user with several connections is there once, until the last of them leaves.
  [[nodiscard]] Stay enter(RoomId room, User const& user);

  /// In the order of their ids.
  std::vector<User> online(RoomId room) const;

 private:
  struct Guest {
    User user;
    std::size_t stays = 0;
  };

  void changed(RoomId room);
  /// Who is there through this instance.
  std::vector<User> guests_of(RoomId room) const;
  void leave(RoomId room, UserId user);
  bool remove(RoomId room, UserId user);

  Census& census_;
  Listener changed_;
  std::mutex mutable mutex_;
  std::unordered_map<RoomId, std::map<UserId, Guest>> rooms_;
};

}  // namespace chat
