#pragma once

/// \file
/// `aerie emit`: sends to the clients of a cluster, from a shell.

#include <string>
#include <vector>

namespace aerie::cli {

struct EmitCommand {
  std::string redis = "redis://localhost:6379";
  std::string key = "socket.io";
  /// A file that holds a key of RedisAdapter::signing; empty: none. What ends its last line is no part of it.
  std::string signing_key_file{};
  std::string nsp = "/";
  std::vector<std::string> rooms{};
  std::vector<std::string> except{};
  bool is_volatile = false;
  bool uncompressed = false;
  /// The event, and its arguments; each is JSON, or else a text.
  std::vector<std::string> words{};
  /// What is done instead of sending an event to clients.
  bool server_side = false;
  std::vector<std::string> join{};
  std::vector<std::string> leave{};
  bool disconnect = false;
  bool close = false;

  /// A sentence with the remedy if this is nothing that can be done; empty if it can.
  std::string objection() const;
};

/// Does it, and waits until Redis has it. Throws CommandError if Redis cannot be reached or refuses.
void emit(EmitCommand const& command);

}  // namespace aerie::cli
