#include "testing/client_connection.hpp"

#include <aerie/client/dialer.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

aerie::client::Options options_of(ConnectOptions&& options) {
  using aerie::client::Transport;
  // What a test has to do with is the application: the client neither bounds it nor tries again.
  constexpr auto unbounded = std::numeric_limits<std::uint32_t>::max();
  return {.path = std::move(options.path),
          .transports = {options.transport == testing::Transport::polling ? Transport::polling
                                                                          : Transport::websocket},
          .query = std::move(options.query),
          .extra_headers = std::move(options.headers),
          .timestamp_requests = false,
          .per_message_deflate = {.enabled = false},
          .max_message_size = unbounded,
          .outgoing_limit = unbounded,
          .reconnection = false,
          .timeout = core::Milliseconds::max()};
}

aerie::client::Url local_url() {
  return {.host = "localhost", .port = 80};
}

}  // namespace

// --- A client

void ClientState::leave() {
  socket.disconnect();
  ended("io client disconnect");
}

void ClientState::ended(std::string_view reason) {
  if (std::exchange(connected, false)) {
    disconnect_reason = reason;
  } else if (!refusal && disconnect_reason.empty()) {
    refusal = ConnectRefusal{std::string(reason), {}};
  }
}

void answer_events(std::shared_ptr<ClientState> const& client, std::string const& event) {
  client->socket.on(event, [weak = std::weak_ptr(client), event](Args const& args, Ack<Value> const& ack) {
    auto const state = weak.lock();
    if (!state) return;
    state->connection->network().call_test([&] { ack(state->handlers.find(event)->second(args.values())); });
  });
}

// --- The connection

/// What connections are made of, as long as there is somebody to make them for.
struct ClientConnection::Pipes {
  struct Pipe {
    core::MemoryClient to_client;
    core::MemoryClient to_server;
  };
  /// Null once the client is gone.
  Network* network = nullptr;
  std::optional<std::uint16_t> port;
  std::vector<Pipe> pipes;

  std::string accept(core::MemoryClient to_client) {
    if (network == nullptr) return "the client is gone";
    try {
      pipes.push_back({std::move(to_client), network->connect(port)});
    } catch (Failure const& failure) {
      return failure.what();
    }
    return {};
  }
};

ClientConnection::ClientConnection(std::shared_ptr<Network> network, ConnectOptions options)
    : network_(std::move(network)),
      pipes_(std::make_shared<Pipes>(Pipes{network_.get(), options.port, {}})),
      manager_(network_->clients(), local_url(), options_of(std::move(options)),
               std::make_unique<aerie::client::MemoryDialer>(network_->clients().shard(0),
                                                             [pipes = pipes_](core::MemoryClient to_client) {
                                                               return pipes->accept(std::move(to_client));
                                                             })) {
  network_->require_server(pipes_->port);
  manager_.on("error", [this](std::string const& message, Value const& data) { refused(message, data); });
}

ClientConnection::~ClientConnection() {
  // Without a word, as when the program ends that a client runs in.
  manager_.close();
  lose();
  pipes_->network = nullptr;
}

void ClientConnection::refused(std::string const& message, Value const& data) {
  auto const answer = data["body"].get_if<std::string_view>().value_or("");
  for (auto const& [nsp, weak] : clients_) {
    auto const client = weak.lock();
    if (client && !client->connected && !client->refusal && client->disconnect_reason.empty())
      client->refusal = ConnectRefusal{answer.empty() ? message : std::string(answer), data};
  }
}

void ClientConnection::listen(std::shared_ptr<ClientState> const& client) {
  auto const weak = std::weak_ptr(client);
  auto const& socket = client->socket;
  // Of a client that was there before.
  socket.off_all();
  socket.off_any();
  socket.on("connect", [weak] {
    if (auto const state = weak.lock()) {
      state->connected = true;
      state->disconnect_reason.clear();
      state->refusal.reset();
      state->id = state->socket.id();
    }
  });
  socket.on("disconnect", [weak](std::string const& reason) {
    if (auto const state = weak.lock()) state->ended(reason);
  });
  socket.on("connect_error", [weak](std::string const& message, Value const& data) {
    auto const state = weak.lock();
    if (state && !state->refusal) state->refusal = ConnectRefusal{message, data};
  });
  socket.on_any([weak](std::string_view event, Args const& args) {
    auto const state = weak.lock();
    if (state && !state->handlers.contains(event))
      state->received.push_back({std::string(event), args.values()});
  });
}

std::shared_ptr<ClientState> ClientConnection::join(std::shared_ptr<ClientConnection> const& connection,
                                                    std::string_view nsp, Object auth) {
  auto client = std::make_shared<ClientState>(connection, connection->manager_.socket(nsp));
  auto& known = connection->clients_[client->socket.nsp()];
  if (auto const other = known.lock(); other && !other->is_over()) {
    throw Failure(core::concat("aerie: this connection has a client in ", nsp, " already"));
  }
  known = client;
  connection->listen(client);
  // Without credentials there is no payload.
  client->socket.set_auth(auth.empty() ? aerie::client::Auth() : aerie::client::Auth(Value(std::move(auth))));
  client->socket.connect();
  connection->network().run();
  return client;
}

bool ClientConnection::pump() {
  bool moved = false;
  for (auto& pipe : pipes_->pipes) {
    moved = pipe.to_client.carry_to(pipe.to_server) || moved;
    moved = pipe.to_server.carry_to(pipe.to_client) || moved;
  }
  std::erase_if(pipes_->pipes,
                [](auto const& pipe) { return pipe.to_client.closed() && pipe.to_server.closed(); });
  return moved;
}

void ClientConnection::lose() {
  pipes_->pipes.clear();
}

}}}  // namespace aerie::v1::testing
