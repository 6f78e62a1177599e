#pragma once

/// \file
/// The rooms there are. Thread-safe.

#include "model.hpp"
#include "store/message_store.hpp"

#include <aerie/core/task.hpp>

#include <optional>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chat {

class Rooms {
 public:
  explicit Rooms(MessageStore& store) : store_(store) {}

  aerie::Task<std::vector<Room>> all();
  /// Throws ChatError with INVALID_NAME or ROOM_EXISTS.
  aerie::Task<Room> create(std::string_view name);
  /// Throws ChatError with ROOM_NOT_FOUND.
  aerie::Task<Room> find(RoomId id);

 private:
  std::optional<Room> known(RoomId id) const;
  void remember(Room const& room);

  MessageStore& store_;
  // Rooms never change and never go, so what was found once is found again without asking, whatever the store
  // is at.
  std::shared_mutex mutable mutex_;
  std::unordered_map<RoomId, Room> known_;
};

}  // namespace chat
