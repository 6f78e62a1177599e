#pragma once

/// \file
/// A Socket.IO client that speaks packets, over either transport.

#include "unit/support/polling_client.hpp"
#include "unit/support/websocket_client.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::test {

enum class Over { polling, websocket };

class SocketIoClient {
 public:
  SocketIoClient(ServerOnAClock& server, Over transport, std::size_t shard = 0) {
    if (transport == Over::websocket) {
      websocket.emplace(server, "/socket.io/?EIO=4&transport=websocket", "", shard);
    } else {
      polling.emplace(server, "/socket.io/", shard);
      polling->open();
      polling->begin_poll();
    }
    take();
  }

  void send(std::string_view packet) {
    auto const message = "4" + std::string(packet);
    if (websocket) {
      websocket->send(message);
    } else {
      polling->post(message);
    }
  }
  void send_binary(std::string_view bytes) {
    if (websocket) return websocket->send_binary(bytes);
    std::string message = "b";
    base64::append_encoded(message, bytes);
    polling->post(message);
  }
  /// Joins a namespace; the id of the socket, or the refusal.
  std::string join(std::string_view nsp = "/", std::string_view auth = "") {
    auto const head = nsp == "/" ? "0" : "0" + std::string(nsp) + ",";
    send(head + std::string(auth));
    std::string reply;
    for (auto& packet : take())
      reply = packet.starts_with(head) ? sid_in(packet) : std::move(packet);
    return reply;
  }

  /// The packets since the last call, binary attachments as "b" and base64. Pings are answered.
  std::vector<std::string> take() {
    std::vector<std::string> packets;
    for (auto& message : take_messages()) {
      if (message == "2") {
        if (websocket) websocket->send("3");
        if (polling) polling->post("3");
      } else if (message.starts_with('4')) {
        packets.push_back(message.substr(1));
      } else if (message.starts_with('b') || message.starts_with('(') || message == "1") {
        packets.push_back(std::move(message));
      }
    }
    return packets;
  }
  /// The same as one text, for comparisons.
  std::string take_text() {
    std::string text;
    for (auto const& packet : take())
      text += (text.empty() ? "" : " ") + packet;
    return text;
  }
  bool closed() const { return websocket ? websocket->connection.ended() : polling_gone_; }

  std::optional<PollingClient> polling;
  std::optional<WebSocketClient> websocket;

 private:
  std::vector<std::string> take_messages() {
    if (websocket) return websocket->take();
    std::vector<std::string> messages;
    while (!polling_gone_) {
      auto const answer = polling->answer();
      if (answer.status == 0) break;
      polling_gone_ = answer.status != 200;
      if (!polling_gone_) {
        split(answer.body, messages);
        polling->begin_poll();
      }
    }
    return messages;
  }
  static void split(std::string_view payload, std::vector<std::string>& messages) {
    while (true) {
      auto const end = payload.find('\x1e');
      messages.emplace_back(payload.substr(0, end));
      if (end == payload.npos) return;
      payload.remove_prefix(end + 1);
    }
  }

  bool polling_gone_ = false;
};

}  // namespace aerie::test
