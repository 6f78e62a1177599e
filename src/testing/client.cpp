#include "testing/client_connection.hpp"
#include "testing/network.hpp"
#include "testing/shown.hpp"

#include <aerie/core/log.hpp>
#include <aerie/testing/client.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

/// "the client in /chat", and what has become of it.
std::string shown(ClientState const& client) {
  auto text = core::concat("the client in ", client.socket.nsp());
  if (client.connected) return text;
  if (client.refusal) {
    return core::concat(text, " (refused: ", client.refusal->message,
                        client.refusal->data.is_undefined()
                            ? std::string()
                            : core::concat(", ", json::stringify(client.refusal->data)),
                        ")");
  }
  return core::concat(text, client.disconnect_reason.empty()
                                ? std::string(" (the server has not answered its connect yet)")
                                : core::concat(" (disconnected: ", client.disconnect_reason, ")"));
}

}  // namespace

// --- Acknowledgements

bool PendingAck::has_arrived() const {
  auto const& ack = client_->acks.at(id_);
  return ack.has_value();
}

Value PendingAck::value() const {
  auto const& ack = client_->acks.at(id_);
  if (ack) return ack->empty() ? Value() : ack->front();
  throw Failure(core::concat("aerie: ", shown(*client_), " has no acknowledgement, but has received ",
                             shown(client_->received),
                             client_->connected ? "; a handler that waits for time to pass has to be "
                                                  "given it: ask(), app.advance(), then value()"
                                                : ""));
}

// --- The client

Client::Client(std::shared_ptr<ClientState> state) noexcept : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Client::~Client() {
  // With the last client of a connection the connection itself goes.
  if (state_ && state_->connected && state_->connection.use_count() > 1) state_->leave();
}

Client Client::connect(std::string_view nsp, Object auth) const {
  return Client(ClientConnection::join(state_->connection, nsp, std::move(auth)));
}

bool Client::connected() const noexcept {
  return state_->connected;
}

std::string const& Client::id() const noexcept {
  return state_->id;
}

std::optional<ConnectRefusal> const& Client::connect_error() const noexcept {
  return state_->refusal;
}

std::string const& Client::disconnect_reason() const noexcept {
  return state_->disconnect_reason;
}

void Client::require_connected(std::string_view event) const {
  if (state_->connected) return;
  throw Failure(core::concat("aerie: ", shown(*state_), " cannot send \"", event, "\": it is not connected"));
}

void Client::emit_args(std::string_view event, ArgsRef args) {
  require_connected(event);
  state_->socket.emit_args(event, args);
  state_->connection->network().run();
}

PendingAck Client::ask_args(std::string_view event, ArgsRef args) {
  require_connected(event);
  auto const id = state_->acks.size();
  state_->acks.emplace(id, std::nullopt);
  state_->socket.emit_args(event, args, [weak = std::weak_ptr(state_), id](AckReply const& reply) {
    if (auto const state = weak.lock(); state && reply.ok()) state->acks[id] = reply.args().values();
  });
  state_->connection->network().run();
  return PendingAck(state_, id);
}

Array Client::expect_event(std::string_view event) {
  auto& received = state_->received;
  auto const found = std::ranges::find(received, event, &ReceivedEvent::name);
  if (found == received.end()) {
    throw Failure(
        core::concat("aerie: ", shown(*state_), " has not received \"", event, "\", but ", shown(received)));
  }
  auto args = std::move(found->args);
  received.erase(found);
  return args;
}

void Client::require_decoded(std::string_view event, DecodeResult const& result) const {
  if (result) return;
  throw Failure(core::concat("aerie: ", shown(*state_), " has received \"", event,
                             "\", but not with what was expected: ", result.error().to_string()));
}

void Client::expect_no_event(std::string_view event) const {
  auto const& received = state_->received;
  if (std::ranges::find(received, event, &ReceivedEvent::name) == received.end()) return;
  throw Failure(core::concat("aerie: ", shown(*state_), " was not to receive \"", event,
                             "\", but has received ", shown(received)));
}

void Client::expect_no_event() const {
  if (state_->received.empty()) return;
  throw Failure(core::concat("aerie: ", shown(*state_), " was to receive nothing, but has received ",
                             shown(state_->received)));
}

std::vector<ReceivedEvent> const& Client::received() const noexcept {
  return state_->received;
}

void Client::forget_received() {
  state_->received.clear();
}

void Client::on(std::string_view event, std::function<Value(Array const&)> handler) {
  auto name = std::string(event);
  if (state_->handlers.insert_or_assign(name, std::move(handler)).second) answer_events(state_, name);
}

void Client::disconnect() {
  state_->leave();
  state_->connection->network().run();
}

void Client::lose_connection() {
  state_->connection->lose();
  state_->connection->network().run();
}

}}}  // namespace aerie::v1::testing
