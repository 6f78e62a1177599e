#pragma once

/// \file
/// Clients of an application under test, one for each namespace, on one manager of aerie::client, whose
/// connections are in memory.

#include "testing/network.hpp"

#include <aerie/client/manager.hpp>
#include <aerie/client/socket.hpp>
#include <aerie/testing/client.hpp>

#include <cstdint>
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
  ClientState(std::shared_ptr<ClientConnection> on, aerie::client::Socket of)
      : connection(std::move(on)), socket(std::move(of)) {}

  /// Tells it so, at once: what its socket says comes when that has run.
  void leave();
  void ended(std::string_view reason);
  bool is_over() const noexcept { return !connected && (refusal || !disconnect_reason.empty()); }

  std::shared_ptr<ClientConnection> connection;
  aerie::client::Socket socket;
  std::string id;
  std::optional<ConnectRefusal> refusal;
  std::string disconnect_reason;
  bool connected = false;
  std::vector<ReceivedEvent> received;
  std::map<std::string, std::function<Value(Array const&)>, std::less<>> handlers;
  /// Empty until they have arrived.
  std::map<std::uint64_t, std::optional<Array>> acks;
};

class ClientConnection final : public Endpoint {
 public:
  /// Throws Failure if nobody listens there.
  ClientConnection(std::shared_ptr<Network> network, ConnectOptions options);
  ~ClientConnection() override;

  /// Connects a client to a namespace and waits for the answer.
  static std::shared_ptr<ClientState> join(std::shared_ptr<ClientConnection> const& connection,
                                           std::string_view nsp, Object auth);

  bool pump() override;
  /// Cuts what there is; does not run the server.
  void lose();
  Network& network() noexcept { return *network_; }

 private:
  struct Pipes;

  void listen(std::shared_ptr<ClientState> const& client);
  void refused(std::string const& message, Value const& data);

  std::shared_ptr<Network> network_;
  std::shared_ptr<Pipes> pipes_;
  std::map<std::string, std::weak_ptr<ClientState>, std::less<>> clients_;
  aerie::client::Manager manager_;
};

/// Handles events of that name with what `ClientState::handlers` has for it.
void answer_events(std::shared_ptr<ClientState> const& client, std::string const& event);

}}}  // namespace aerie::v1::testing
