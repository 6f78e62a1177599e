#pragma once

#include "rebook/chat_controller.hpp"
#include "rebook/chat_gateway.hpp"
#include "rebook/messages.hpp"
#include "shared/tokens.hpp"

namespace reference::rebook {

struct RebookModule {
  static void describe(aerie::Module& m) {
    m.imports<TokensModule>();
    m.provides<MessageStore>().gateways<ChatGateway>().controllers<ChatController>();
  }
};

}  // namespace reference::rebook
