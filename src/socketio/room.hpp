#pragma once

#include "socketio/server_parsers.hpp"

#include <aerie/engineio/shared_messages.hpp>
#include <aerie/socketio/memberships.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

/// The members of a room that speak one parser: what this turn has sent to all of them so far, and those whom
/// nothing reaches that was prepared for many.
struct Fan {
  explicit Fan(ParserIndex of) noexcept : parser(of) {}

  ParserIndex parser;
  std::optional<engineio::SharedBurst> burst;
  std::vector<Socket*> unshared;
  std::unique_ptr<Fan> next;
};

/// The members of a room on one shard, in one flat list: a broadcast does no more for each than to queue a
/// frame.
struct Room {
  explicit Room(std::string room_name) : name(std::move(room_name)) {}

  /// The members, or how they are reached, have changed: what is sent next goes to others than before.
  void changed() noexcept { fans.reset(); }

  std::string name;
  std::vector<Socket*> members;
  /// One for each parser; none until something is sent to all members.
  std::unique_ptr<Fan> fans;
  /// By which its members know it.
  std::uint32_t number = Membership::none;
};

}  // namespace socketio
}}  // namespace aerie::v1
