#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/socket.hpp>

#include <atomic>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

OutgoingPacket ack_packet(Socket const& socket, std::uint64_t id, ArgsRef args) noexcept {
  return {.type = PacketType::ack, .nsp = socket.nsp().name(), .id = id, .data = PacketData(args)};
}

}  // namespace

namespace {

/// An acknowledgement that a client waits for.
class ClientAck final : public AckState {
 public:
  ClientAck(std::shared_ptr<Socket> socket, std::uint64_t id, bool answered)
      : socket_(std::move(socket)), server_(server_of(*socket_)), id_(id), answered_(answered) {}

  void answer(ArgsRef args) override {
    if (answered_.exchange(true, std::memory_order_acq_rel)) return;
    if (server_.here() != nullptr) {
      socketio::answer(*socket_, id_, args);
      return;
    }
    // The arguments are gone when the shard gets to it. An answer is not refused, however busy that is: there
    // are no more of them than the client has asked for.
    auto packet = std::make_unique<EncodedPacket>();
    parser_of(*socket_).encode(ack_packet(*socket_, id_, args), *packet);
    server_.post([socket = socket_, packet = std::move(packet)] { send(*socket, *packet); });
  }

 private:
  std::shared_ptr<Socket> socket_;
  core::AnchorRef server_;
  std::uint64_t id_;
  std::atomic<bool> answered_;
};

/// Sockets of a server.
class ServerAcks final : public AckOwner {
 public:
  std::shared_ptr<AckState> keep(Socket& socket, std::uint64_t id, bool answered) const override {
    return std::make_shared<ClientAck>(pin(socket), id, answered);
  }
  void answer(Socket& socket, std::uint64_t id, ArgsRef args) const override {
    socketio::answer(socket, id, args);
  }
};

}  // namespace

AckHandle::AckHandle(Socket& socket, std::uint64_t id)
    : state_(std::make_shared<ClientAck>(pin(socket), id, false)) {}

AckOwner const& owner_of(Socket& /*socket*/) noexcept {
  static constexpr ServerAcks server;
  return server;
}

core::AnchorRef server_of(Socket& socket) {
  return socket.adapter_->node().anchor();
}

namespace {

EventMetrics* metrics_of(Socket& socket) noexcept {
  return node_of(socket).metrics();
}

}  // namespace

void send(Socket& socket, EncodedPacket const& packet) {
  if (auto* const metrics = metrics_of(socket)) metrics->acks_sent.add();
  socket.send_packet(packet, true);
}

void answer(Socket& socket, std::optional<std::uint64_t> ack, ArgsRef args) {
  if (!ack || !socket.connected()) return;
  if (auto* const metrics = socket.adapter_->node().metrics()) metrics->acks_sent.add();
  socket.send_packet(ack_packet(socket, *ack, args), true);
}

void SocketState::settle(std::uint64_t id, AckReply reply) {
  if (!acks) return;
  auto const found = acks->find(id);
  if (found == acks->end()) return;
  auto pending = std::move(found->second);
  acks->erase(found);
  pending->timer.cancel();
  if (auto* const metrics = metrics_of(socket)) {
    if (reply.ok()) {
      metrics->acks_received.add();
    } else if (reply.error() == AckError::timeout) {
      metrics->acks_timed_out.add();
    }
  }
  if (auto* const client = client_of(socket)) client->owes(-1);
  call_for(socket, "acknowledgement", pending->on_reply, std::move(reply));
}

void PendingAck::timed_out() {
  state.settle(id, AckReply(AckError::timeout));
}

void throw_no_such_state() {
  throw std::out_of_range(
      "aerie: the socket has no state of that type; call socket.set(...) when it connects");
}

SocketState* state_of(Socket& socket) noexcept {
  return socket.rare_.get();
}

}}}  // namespace aerie::v1::socketio
