#include "socketio/event_name.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_link.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/schema/value_size.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/parser.hpp>
#include <aerie/socketio/socket.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

SocketHandle::SocketHandle(std::shared_ptr<Socket> socket)
    : socket_(std::move(socket)), server_(socket_->adapter_->node().anchor()) {}

void SocketHandle::run(UniqueFunction<void(Socket&)> action) const {
  if (server_.here() != nullptr) {
    if (socket_->connected()) action(*socket_);
    return;
  }
  server_.post([socket = socket_, action = std::move(action)] {
    if (socket->connected()) socketio::call_for(*socket, "an action from another thread", action, *socket);
  });
}

void SocketHandle::join(socketio::RoomList rooms) const {
  run([rooms = std::move(rooms)](Socket& socket) { socket.join(rooms); });
}

void SocketHandle::leave(std::string_view room) const {
  run([room = std::string(room)](Socket& socket) { socket.leave(room); });
}

void SocketHandle::disconnect(bool close) const {
  run([close](Socket& socket) { socket.disconnect(close); });
}

bool SocketHandle::emit_args(std::string_view event, ArgsRef args) const {
  socketio::require_not_reserved(event);
  if (server_.here() != nullptr) {
    // One that has been cut off may come back for it.
    socket_->emit_args(event, args);
    return true;
  }
  auto const& nsp = socket_->nsp();
  if (nsp.server_->recovery() != nullptr) {
    // Its place among the others is that of its delivery, and so is its offset.
    std::vector<Value> kept;
    std::size_t size = 0;
    for (auto const& arg : args) {
      kept.push_back(to_value(arg));
      size += value_size(kept.back(), std::numeric_limits<std::size_t>::max());
    }
    return server_.try_post(size, [socket = socket_, event = std::string(event), kept = std::move(kept)] {
      std::vector<EncodableRef> const refs(kept.begin(), kept.end());
      socketio::call_for(*socket, event, [&] { socket->emit_args(event, ArgsRef(refs)); });
    });
  }
  // The arguments are gone when the shard gets to it.
  socketio::EncodedPacket packet;
  socketio::parser_of(*socket_).encode({.nsp = nsp.name(), .data = socketio::PacketData(event, args)},
                                       packet);
  std::vector<Value> values;
  if (nsp.has_outgoing_listeners()) {
    for (auto const& arg : args)
      values.push_back(to_value(arg));
  }
  auto const bytes = packet.size();
  return server_.try_post(bytes, [socket = socket_, event = std::string(event), packet = std::move(packet),
                                  values = std::move(values)]() mutable {
    if (!socket->connected()) return;
    auto const* const rule = socket->nsp().rule_for(event);
    if (rule != nullptr && socket->holds_back()) {
      socket->hold_back(std::make_shared<socketio::EncodedPacket const>(std::move(packet)), true, *rule);
    } else {
      socket->send_packet(packet, true);
    }
    if (socket->listens_to_outgoing()) socket->tell_outgoing(event, Args(std::move(values)));
  });
}

}}  // namespace aerie::v1
