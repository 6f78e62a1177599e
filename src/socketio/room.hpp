#pragma once

#include <aerie/core/burst.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

/// The members of a room on one shard, in one flat list: a broadcast does no more for each than to queue a
/// frame.
struct Room {
  explicit Room(std::string room_name) : name(std::move(room_name)) {}

  /// The members, or how they are reached, have changed: what is sent next goes to others than before.
  void changed() noexcept {
    burst.reset();
    unshared.clear();
  }

  std::string name;
  std::vector<Socket*> members;
  /// What this turn has sent to all members so far, and those that ready-made frames do not reach.
  std::unique_ptr<core::Burst> burst;
  std::vector<Socket*> unshared;
};

}  // namespace socketio
}}  // namespace aerie::v1
