#pragma once

/// \file
/// What the chat knows of a connection. Belongs to its socket's shard.

#include "model.hpp"
#include "rooms/presence.hpp"

#include <aerie/gateway/execution_context.hpp>

#include <map>
#include <utility>

namespace chat {

class Visitor {
 public:
  explicit Visitor(User user) : user_(std::move(user)) {}

  /// As a parameter of handlers.
  static Visitor& extract(aerie::ExecutionContext& context) { return context.get<Visitor>(); }

  User const& user() const noexcept { return user_; }

  bool is_in(RoomId room) const { return stays_.contains(room); }
  void enter(Presence& presence, RoomId room) {
    if (!is_in(room)) stays_.emplace(room, presence.enter(room, user()));
  }
  void leave(RoomId room) { stays_.erase(room); }
  void leave_all() noexcept { stays_.clear(); }

 private:
  User user_;
  std::map<RoomId, Presence::Stay> stays_;
};

}  // namespace chat
