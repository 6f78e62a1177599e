#include "testing/client_connection.hpp"

#include "testing/network.hpp"

#include <aerie/core/log.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/socketio/json_packet.hpp>
#include <aerie/socketio/parser.hpp>

#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

using socketio::PacketType;

namespace {

Value read_payload(std::string_view json, std::vector<Bytes> const& attachments) {
  Value value;
  if (json.empty()) return value;
  json::Reader reader(json, attachments);
  if (!reader.read_value(value) || !reader.finish()) {
    throw Failure(core::concat("aerie: the server has sent a packet that is no JSON: ", json));
  }
  return value;
}

Array elements_of(Value payload) {
  return payload.is_array() ? std::move(payload.as_array()) : Array();
}

}  // namespace

void ClientState::ended(std::string_view reason) {
  if (std::exchange(connected, false)) {
    disconnect_reason = reason;
  } else if (!refusal && disconnect_reason.empty()) {
    refusal = ConnectRefusal{std::string(reason), {}};
  }
}

ClientConnection::ClientConnection(std::shared_ptr<Network> network, ConnectOptions options)
    : network_(std::move(network)), link_(open_link(network_, std::move(options))) {}

std::shared_ptr<ClientState> ClientConnection::join(std::shared_ptr<ClientConnection> const& connection,
                                                    std::string_view nsp, Object auth) {
  auto client = std::make_shared<ClientState>();
  client->connection = connection;
  client->nsp = nsp.starts_with('/') ? std::string(nsp) : core::concat("/", nsp);
  auto& known = connection->clients_[client->nsp];
  if (auto const other = known.lock(); other && other->connected) {
    throw Failure(core::concat("aerie: this connection has a client in ", nsp, " already"));
  }
  known = client;
  auto& network = connection->network();
  network.run();
  auto const has_auth = !auth.empty();
  Value const payload(std::move(auth));
  connection->send({.type = PacketType::connect,
                    .nsp = client->nsp,
                    .data = has_auth ? socketio::PacketData(EncodableRef(payload)) : socketio::PacketData()});
  network.run();
  return client;
}

bool ClientConnection::pump() {
  bool sent = link_->pump();
  for (auto& message : link_->take())
    sent = handle(std::move(message)) || sent;
  if (!link_->is_open()) all_ended();
  return sent;
}

void ClientConnection::all_ended() {
  auto const refusal = link_->refusal();
  for (auto const& [nsp, weak] : clients_) {
    if (auto const client = weak.lock()) client->ended(refusal.empty() ? "transport close" : refusal);
  }
}

bool ClientConnection::handle(EngineLink::Message message) {
  if (message.is_binary) {
    attachments_.emplace_back(std::string_view(message.data));
    if (missing_ == 0 || --missing_ > 0) return false;
    return handle_packet(std::exchange(pending_, {}), std::exchange(attachments_, {}));
  }
  if (message.data == "2") {
    link_->send("3");
    return true;
  }
  if (!message.data.starts_with('4')) return false;
  auto text = message.data.substr(1);
  socketio::PacketHead head;
  auto const error = socketio::parse_packet(text, head, std::numeric_limits<std::size_t>::max());
  if (error != socketio::PacketError::none) {
    throw Failure(core::concat("aerie: the server has sent a packet that is none: ", text));
  }
  if (head.attachments == 0) return handle_packet(text, {});
  missing_ = head.attachments;
  pending_ = std::move(text);
  return false;
}

bool ClientConnection::handle_packet(std::string const& text, std::vector<Bytes> const& attachments) {
  socketio::PacketHead head;
  socketio::parse_packet(text, head, std::numeric_limits<std::size_t>::max());
  auto const found = clients_.find(head.nsp);
  auto const client = found == clients_.end() ? nullptr : found->second.lock();
  if (!client) return false;
  auto payload = read_payload(head.payload, attachments);
  switch (head.type) {
    case PacketType::connect:
      client->connected = true;
      client->id = payload["sid"].as_string();
      return false;
    case PacketType::connect_error:
      client->refusal = ConnectRefusal{std::string(payload["message"].as_string()), payload["data"]};
      return false;
    case PacketType::disconnect:
      client->ended("io server disconnect");
      return false;
    case PacketType::ack:
      if (head.id && client->acks.contains(*head.id))
        client->acks[*head.id] = elements_of(std::move(payload));
      return false;
    case PacketType::event:
      break;
  }
  return handle_event(*client, head.id, elements_of(std::move(payload)));
}

bool ClientConnection::handle_event(ClientState& client, std::optional<std::uint64_t> id, Array elements) {
  if (elements.empty()) return false;
  // Almost always a text; a gateway may echo any other value as an event's name.
  auto const& first = elements.front();
  auto name = first.is_string() ? std::string(first.as_string()) : json::stringify(first);
  elements.erase(elements.begin());
  auto const handler = client.handlers.find(name);
  if (handler == client.handlers.end()) {
    client.received.push_back({std::move(name), std::move(elements)});
    return false;
  }
  auto const answer = handler->second(elements);
  if (!id) return false;
  socketio::EncodableList const answers(answer);
  send(
      {.type = PacketType::ack, .nsp = client.nsp, .id = id, .data = socketio::PacketData(ArgsRef(answers))});
  return true;
}

void ClientConnection::send(socketio::OutgoingPacket const& packet) {
  socketio::EncodedPacket encoded;
  json_parser()->encode(packet, encoded);
  encoded.each([this](socketio::Frame const& frame) {
    if (frame.kind == socketio::FrameKind::text) {
      link_->send(core::concat("4", frame.data));
    } else {
      link_->send_binary(frame.data);
    }
  });
}

void ClientConnection::emit(ClientState const& client, std::string_view event,
                            std::optional<std::uint64_t> id, ArgsRef args) {
  send({.nsp = client.nsp, .id = id, .data = socketio::PacketData(event, args)});
}

void ClientConnection::leave(ClientState& client) {
  if (client.connected) send({.type = PacketType::disconnect, .nsp = client.nsp});
  client.ended("io client disconnect");
}

void ClientConnection::lose() {
  link_->lose();
  all_ended();
}

}}}  // namespace aerie::v1::testing
