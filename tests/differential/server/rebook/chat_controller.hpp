#pragma once

#include "rebook/chat_gateway.hpp"
#include "rebook/messages.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace reference::rebook {

struct RestMessage {
  std::string content;

  static void describe(aerie::Schema<RestMessage>& s) {
    s.field<&RestMessage::content>().is_string().not_empty().max_length(20);
  }
};

/// The same rooms over HTTP.
class ChatController {
 public:
  ChatController(MessageStore& store, ChatGateway& gateway) : store_(store), gateway_(gateway) {}
  static void describe(aerie::Controller<ChatController>& c);

 private:
  using RoomId = aerie::Param<"id", std::int64_t, aerie::ParseInt>;

  std::vector<Message> history(RoomId id);
  Message send(RoomId id, RestMessage const& message);
  void reset();

  MessageStore& store_;
  ChatGateway& gateway_;
};

}  // namespace reference::rebook
