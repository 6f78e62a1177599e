#include "socketio/local_adapter.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"
#include "socketio/user_call.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

// What other shards and servers ask of the sockets of this one.
namespace aerie { inline namespace v1 { namespace socketio {

void LocalAdapter::tell_listeners(LocalMessage const& message) {
  if (!has_listeners()) return;
  if (message.from_elsewhere()) {
    auto args = message.payload.values();
    args.erase(args.begin());
    return tell_listeners(message.payload.event(), args, message.target);
  }
  // Who has begun to listen after the packet was emitted does not hear of it.
  if (message.args) tell_listeners(message.event, *message.args, message.target);
}

/// Whether it is worth while to look closer: a room that there is, or a socket.
bool LocalAdapter::has_any(Target const& target) const {
  if (target.rooms.empty()) return !everyone_.members.empty();
  return std::ranges::any_of(
      target.rooms, [this](auto const& name) { return room(name) != nullptr || find(name) != nullptr; });
}

DropOldest const* LocalAdapter::rule_for(LocalMessage const& message) const {
  if (!message.from_elsewhere()) return message.rule;
  return nsp_.has_rules() ? nsp_.rule_for(message.payload.event()) : nullptr;
}

void LocalAdapter::apply(LocalMessage const& message, std::function<void(ClusterResponse)> const& respond) {
  using Type = LocalMessage::Type;
  switch (message.action) {
    case Type::broadcast:
      if (message.request != 0) return broadcast_with_ack(message, respond);
      if (message.retained) {
        static_cast<void>(message.packets(node_));
        node_.recovery()->retain(nsp_, message.retained);
      }
      // Another server's event: most are for rooms that are not here, and need not be encoded.
      if (message.from_elsewhere() && !has_any(message.target)) return;
      broadcast(message.packets(node_), message.target, message.options, rule_for(message));
      tell_listeners(message);
      return;
    case Type::join:
      for (auto const& socket : select(message.target)) {
        call_for(*socket, "join", [&] { socket->join(message.rooms); });
      }
      return;
    case Type::leave:
      for (auto const& socket : select(message.target)) {
        for (auto const& room : message.rooms)
          socket->leave(room);
      }
      return;
    case Type::disconnect:
      for (auto const& socket : select(message.target))
        socket->disconnect(message.close);
      return;
    case Type::fetch:
      return fetch(message, respond);
    case Type::server_side:
      return;
  }
}

void LocalAdapter::broadcast_with_ack(LocalMessage const& message,
                                      std::function<void(ClusterResponse)> const& respond) {
  auto const sockets = select(message.target);
  respond({.type = ClusterResponse::Type::client_count,
           .request = message.request,
           .client_count = sockets.size()});
  for (auto const& socket : sockets) {
    auto const answered = [respond, request = message.request](AckReply const& reply) {
      ClusterResponse response{.type = ClusterResponse::Type::ack, .request = request};
      response.error = reply.error();
      if (reply.ok()) response.answer = reply.args()[0];
      respond(std::move(response));
    };
    try {
      socket->expect_ack(*message.ack, message.options.timeout, answered);
    } catch (std::length_error const&) {
      // It owes more answers than it may: it will not give this one either, and the others are not to suffer.
      answered(AckReply(AckError::timeout));
      continue;
    }
    if (message.options.is_volatile && !socket->writable()) {
      node_.counts().dropped_volatile.add();
      continue;
    }
    auto const* const packet = message.packets(node_).find(socket->parser_);
    if (packet == nullptr) continue;
    if (auto* const metrics = node_.metrics()) metrics->sent.add();
    socket->send_packet(*packet, message.options.compress);
  }
  tell_listeners(message);
}

}}}  // namespace aerie::v1::socketio
