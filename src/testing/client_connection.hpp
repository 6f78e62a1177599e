#pragma once

/// \file
/// A connection of Socket.IO clients, one for each namespace.

#include "testing/engine_link.hpp"

#include <aerie/socketio/packet.hpp>
#include <aerie/testing/client.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

/// What a client knows.
struct ClientState {
  std::shared_ptr<ClientConnection> connection;
  std::string nsp;
  std::string id;
  std::optional<ConnectRefusal> refusal;
  std::string disconnect_reason;
  bool connected = false;
  std::vector<ReceivedEvent> received;
  std::map<std::string, std::function<Value(Array const&)>, std::less<>> handlers;
  /// Empty until they have arrived.
  std::map<std::uint64_t, std::optional<Array>> acks;

  void ended(std::string_view reason);
};

class ClientConnection final : public Endpoint {
 public:
  ClientConnection(std::shared_ptr<Network> network, ConnectOptions options);

  /// Connects a client to a namespace and waits for the answer.
  static std::shared_ptr<ClientState> join(std::shared_ptr<ClientConnection> const& connection,
                                           std::string_view nsp, Object auth);

  bool pump() override;
  /// These do not run the server.
  void emit(ClientState const& client, std::string_view event, std::optional<std::uint64_t> id, ArgsRef args);
  void leave(ClientState& client);
  void lose();
  Network& network() noexcept { return *network_; }

 private:
  bool handle(EngineLink::Message message);
  bool handle_packet(std::string const& text, std::vector<Bytes> const& attachments);
  bool handle_event(ClientState& client, std::optional<std::uint64_t> id, Array elements);
  void send(socketio::OutgoingPacket const& packet);
  void all_ended();

  std::shared_ptr<Network> network_;
  std::unique_ptr<EngineLink> link_;
  std::map<std::string, std::weak_ptr<ClientState>, std::less<>> clients_;
  // A packet whose attachments are still to come.
  std::string pending_;
  std::vector<Bytes> attachments_;
  std::size_t missing_ = 0;
};

}}}  // namespace aerie::v1::testing
