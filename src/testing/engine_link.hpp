#pragma once

/// \file
/// A client's end of an Engine.IO session: packets over either transport.

#include "testing/websocket_end.hpp"

#include <aerie/testing/client.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

class EngineLink {
 public:
  using Message = WebSocketEnd::Message;

  virtual ~EngineLink() = default;
  /// Reads what has arrived; true if it has sent something in turn.
  virtual bool pump() = 0;
  virtual bool is_open() const noexcept = 0;
  /// What the server has answered instead of opening a session, or instead of keeping one.
  virtual std::string refusal() const = 0;
  /// Packets that have come, binary ones as bytes.
  virtual std::vector<Message> take() = 0;
  virtual void send(std::string_view packet) = 0;
  virtual void send_binary(std::string_view bytes) = 0;
  virtual void lose() = 0;
};

std::unique_ptr<EngineLink> open_link(std::shared_ptr<Network> const& network, ConnectOptions options);

}}}  // namespace aerie::v1::testing
