#pragma once

/// \file
/// What clients send: as the protocols want it, or as somebody would who tries what happens.

#include "fuzz/server/random.hpp"

#include <string>
#include <vector>

namespace aerie::fuzz {

/// A message of Engine.IO.
struct Message {
  std::string payload;
  bool is_binary = false;
};

/// A packet of Socket.IO, with its attachments if it has any, or something of Engine.IO; now and then
/// damaged.
std::vector<Message> random_messages(Random& random);

/// Messages as frames of a WebSocket client, now and then fragmented or against the rules.
std::string frames_of(Random& random, std::vector<Message> const& messages);
/// Messages as the body of a POST.
std::string payload_of(std::vector<Message> const& messages);

/// Flips, drops or adds some bytes.
void damage(Random& random, std::string& bytes);

}  // namespace aerie::fuzz
