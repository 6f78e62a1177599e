#include "socketio/cluster_requests.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/namespace.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

using socketio::ClusterMessage;
using socketio::ShardNode;

// Acknowledgements without a limit would be waited for as long as the slowest client lives.
constexpr std::chrono::milliseconds default_ack_timeout{10'000};
constexpr std::chrono::milliseconds fetch_timeout{5'000};

void append(std::vector<std::string>& to, socketio::RoomList rooms) {
  for (auto& room : std::move(rooms).take())
    to.push_back(std::move(room));
}

std::vector<Value> values_of(ArgsRef args) {
  std::vector<Value> values;
  for (auto const& arg : args)
    values.push_back(to_value(arg));
  return values;
}

/// An event for every shard, and for the listeners to what is sent there.
std::shared_ptr<ClusterMessage> event_message(Namespace const& nsp, socketio::Target const& target,
                                              socketio::EmitOptions const& options, std::string_view event,
                                              ArgsRef args, std::optional<std::uint64_t> ack = std::nullopt) {
  auto message = std::make_shared<ClusterMessage>(ClusterMessage{
      .nsp = nsp.name(), .target = target, .event = std::string(event), .options = options, .ack = ack});
  socketio::encode_event(message->packet, nsp.name(), ack, event, args);
  if (nsp.has_outgoing_listeners()) message->args = values_of(args);
  return message;
}

/// What a callback throws has no caller who could do anything about it: it is logged.
UniqueFunction<void(BroadcastReply)> guarded(Runtime& runtime,
                                             UniqueFunction<void(BroadcastReply)> on_reply) {
  return [&runtime, on_reply = std::move(on_reply)](BroadcastReply reply) {
    try {
      on_reply(std::move(reply));
    } catch (...) {
      runtime.log().warning("socket.io", core::concat("the callback of a broadcast has failed: ",
                                                      core::describe(std::current_exception())));
    }
  };
}

/// Runs `action` on the node whose turn it is, or else on the first one's shard.
void on_a_node(socketio::ServerState& server, UniqueFunction<void(ShardNode&)> action) {
  if (auto* const node = server.current_node()) {
    action(*node);
    return;
  }
  auto& shard = server.runtime().shard(0);
  shard.post([&node = server.node(shard), action = std::move(action)] { action(node); });
}

/// Uses nothing of an operator, which may be a temporary that is gone before the task begins to run.
Task<std::vector<RemoteSocket>> fetch(std::shared_ptr<Namespace const> nsp, socketio::ServerState& server,
                                      std::shared_ptr<ClusterMessage> message) {
  core::Completion<std::vector<socketio::SocketDetails>> fetched;
  on_a_node(server, [message, give = fetched.completer()](ShardNode& origin) mutable {
    auto const peers = origin.server().bus().others(origin.peer()) + 1;
    socketio::FetchRequest::Done done =
        [give = std::move(give)](std::vector<socketio::SocketDetails> sockets) mutable {
          give(std::move(sockets));
        };
    auto request = std::make_unique<socketio::FetchRequest>(peers, std::move(done));
    message->request = origin.open_request(std::move(request), fetch_timeout);
    origin.originate(message);
  });
  auto details = co_await fetched;
  std::vector<RemoteSocket> sockets;
  for (auto& each : details)
    sockets.emplace_back(nsp, std::move(each));
  co_return sockets;
}

}  // namespace

BroadcastOperator BroadcastOperator::to(socketio::RoomList rooms) const {
  auto copy = *this;
  append(copy.target_.rooms, std::move(rooms));
  return copy;
}

BroadcastOperator BroadcastOperator::except(socketio::RoomList rooms) const {
  auto copy = *this;
  append(copy.target_.except, std::move(rooms));
  return copy;
}

BroadcastOperator BroadcastOperator::compress(bool on) const {
  auto copy = *this;
  copy.options_.compress = on;
  return copy;
}

BroadcastOperator BroadcastOperator::volatile_() const {
  auto copy = *this;
  copy.options_.is_volatile = true;
  return copy;
}

BroadcastOperator BroadcastOperator::local() const {
  auto copy = *this;
  copy.options_.local = true;
  return copy;
}

BroadcastOperator BroadcastOperator::timeout(std::chrono::milliseconds timeout) const {
  auto copy = *this;
  copy.options_.timeout = timeout;
  return copy;
}

void BroadcastOperator::emit_args(std::string_view event, ArgsRef args) const {
  if (socketio::is_reserved_event(event)) {
    throw std::invalid_argument(core::concat("aerie: \"", event, "\" is a reserved event name"));
  }
  auto& server = nsp_->server_;
  auto* const node = server.current_node();
  if (node != nullptr && server.node_count() == 1) {
    // The usual case needs no message that could be passed on.
    auto& packet = node->scratch_packet();
    socketio::encode_event(packet, nsp_->name(), std::nullopt, event, args);
    auto& adapter = nsp_->adapter(node->shard());
    adapter.broadcast(packet, target_, options_);
    if (adapter.has_listeners()) adapter.tell_listeners(event, values_of(args), target_);
    return;
  }
  auto const message = event_message(*nsp_, target_, options_, event, args);
  on_a_node(server, [message](ShardNode& origin) { origin.originate(message); });
}

void BroadcastOperator::emit_args(std::string_view event, ArgsRef args,
                                  UniqueFunction<void(BroadcastReply)> on_reply) const {
  if (socketio::is_reserved_event(event)) {
    throw std::invalid_argument(core::concat("aerie: \"", event, "\" is a reserved event name"));
  }
  auto& server = nsp_->server_;
  auto const timeout = options_.timeout.value_or(default_ack_timeout);
  auto const ack = std::const_pointer_cast<Namespace>(nsp_)->next_ack();
  auto message = event_message(*nsp_, target_, options_, event, args, ack);
  message->options.timeout = timeout;
  on_a_node(server, [message, timeout,
                     on_reply = guarded(server.runtime(), std::move(on_reply))](ShardNode& origin) mutable {
    auto const peers = origin.server().bus().others(origin.peer()) + 1;
    auto request = std::make_unique<socketio::AckRequest>(peers, std::move(on_reply));
    message->request = origin.open_request(std::move(request), timeout);
    origin.originate(message);
  });
}

Task<std::vector<RemoteSocket>> BroadcastOperator::fetch_sockets() const {
  auto message = std::make_shared<ClusterMessage>(ClusterMessage{
      .type = ClusterMessage::Type::fetch, .nsp = nsp_->name(), .target = target_, .options = options_});
  return fetch(nsp_, nsp_->server_, std::move(message));
}

void BroadcastOperator::sockets_join(socketio::RoomList rooms) const {
  auto message = std::make_shared<ClusterMessage>(ClusterMessage{
      .type = ClusterMessage::Type::join, .nsp = nsp_->name(), .target = target_, .options = options_});
  message->rooms = std::move(rooms).take();
  on_a_node(nsp_->server_, [message](ShardNode& origin) { origin.originate(message); });
}

void BroadcastOperator::sockets_leave(socketio::RoomList rooms) const {
  auto message = std::make_shared<ClusterMessage>(ClusterMessage{
      .type = ClusterMessage::Type::leave, .nsp = nsp_->name(), .target = target_, .options = options_});
  message->rooms = std::move(rooms).take();
  on_a_node(nsp_->server_, [message](ShardNode& origin) { origin.originate(message); });
}

void BroadcastOperator::disconnect_sockets(bool close) const {
  auto message = std::make_shared<ClusterMessage>(ClusterMessage{
      .type = ClusterMessage::Type::disconnect, .nsp = nsp_->name(), .target = target_, .options = options_});
  message->close = close;
  on_a_node(nsp_->server_, [message](ShardNode& origin) { origin.originate(message); });
}

// --- RemoteSocket

RemoteSocket RemoteSocket::timeout(std::chrono::milliseconds timeout) const {
  auto copy = *this;
  copy.timeout_ = timeout;
  return copy;
}

void RemoteSocket::join(socketio::RoomList rooms) const {
  nsp_->to(id()).sockets_join(std::move(rooms));
}
void RemoteSocket::leave(socketio::RoomList rooms) const {
  nsp_->to(id()).sockets_leave(std::move(rooms));
}
void RemoteSocket::disconnect(bool close) const {
  nsp_->to(id()).disconnect_sockets(close);
}

void RemoteSocket::emit_args(std::string_view event, ArgsRef args) const {
  nsp_->to(id()).emit_args(event, args);
}

void RemoteSocket::emit_args(std::string_view event, ArgsRef args,
                             UniqueFunction<void(AckReply)> on_reply) const {
  auto const only = timeout_ ? nsp_->to(id()).timeout(*timeout_) : nsp_->to(id());
  only.emit_args(event, args, [on_reply = std::move(on_reply)](BroadcastReply reply) {
    if (!reply.ok()) return on_reply(AckReply(reply.error));
    if (reply.responses.empty()) return on_reply(AckReply(AckError::disconnected));
    on_reply(AckReply(Args(std::move(reply.responses))));
  });
}

}}  // namespace aerie::v1
