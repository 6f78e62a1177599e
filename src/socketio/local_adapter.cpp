#include "socketio/local_adapter.hpp"

#include "socketio/client.hpp"
#include "socketio/frames.hpp"
#include "socketio/run_handlers.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/stream.hpp>
#include <aerie/engineio/session.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

LocalAdapter::LocalAdapter(Namespace& nsp, ShardNode& node) : nsp_(nsp), node_(node) {}

LocalAdapter::~LocalAdapter() = default;

// --- Sockets and rooms

void LocalAdapter::add(Socket& socket) {
  socket.place_ = static_cast<std::uint32_t>(everyone_.members.size());
  everyone_.members.push_back(&socket);
  everyone_.changed();
  // From now on it is sent what goes to the rooms that it has joined on its way here.
  socket.frames_ = client_of(socket)->session().frame_stream();
  for (auto const& entry : socket.memberships_)
    entry.room->changed();
  sockets_.insert(&socket);
  nsp_.connected_.fetch_add(1, std::memory_order_relaxed);
}

void LocalAdapter::remove(Socket& socket) {
  if (sockets_.take(socket.id()) == nullptr) return;
  if (socket.listens_to_outgoing()) listener_removed();
  auto& members = everyone_.members;
  members[socket.place_] = members.back();
  members[socket.place_]->place_ = socket.place_;
  members.pop_back();
  everyone_.changed();
  nsp_.connected_.fetch_sub(1, std::memory_order_relaxed);
}

Socket* LocalAdapter::find(std::string_view id) const {
  return sockets_.find(id);
}

Room* LocalAdapter::room(std::string_view name) const {
  return rooms_.find(name);
}

void LocalAdapter::join(Socket& socket, std::string_view name) {
  auto* joined = room(name);
  auto& memberships = socket.memberships_;
  // Its own id is a room that every socket is in without being listed.
  if (name == socket.id()) return;
  if (joined != nullptr &&
      std::ranges::any_of(memberships, [&](auto const& entry) { return entry.room == joined; })) {
    return;
  }
  if (joined == nullptr) {
    auto created = std::make_unique<Room>(std::string(name));
    joined = created.get();
    rooms_.insert(std::move(created));
  }
  enter(*joined, socket);
}

void LocalAdapter::enter(Room& room, Socket& socket) {
  socket.memberships_.push_back({&room, static_cast<std::uint32_t>(room.members.size())});
  room.members.push_back(&socket);
  room.changed();
}

void LocalAdapter::leave(Socket& socket, std::string_view name) {
  auto const& memberships = socket.memberships_;
  auto const found =
      std::ranges::find_if(memberships, [&](auto const& entry) { return entry.room->name == name; });
  if (found != memberships.end()) exit(socket, static_cast<std::size_t>(found - memberships.begin()));
}

void LocalAdapter::exit(Socket& socket, std::size_t membership) {
  auto* const room = socket.memberships_[membership].room;
  auto const index = socket.memberships_[membership].index;
  // The order in which a socket has joined is kept, as users see it; the order within a room is nobody's
  // business.
  socket.memberships_.erase(socket.memberships_.begin() + static_cast<std::ptrdiff_t>(membership));
  auto* const last = room->members.back();
  room->members[index] = last;
  room->members.pop_back();
  if (last != &socket) {
    std::ranges::find_if(last->memberships_, [&](auto const& entry) { return entry.room == room; })->index =
        index;
  }
  room->changed();
  if (room->members.empty()) rooms_.take(room->name);
}

void LocalAdapter::leave_all(Socket& socket) {
  while (!socket.memberships_.empty())
    exit(socket, socket.memberships_.size() - 1);
}

void LocalAdapter::reroute(Socket& socket, core::Stream* frames) {
  if (socket.frames_ == frames) return;
  socket.frames_ = frames;
  everyone_.changed();
  for (auto const& entry : socket.memberships_)
    entry.room->changed();
}

std::vector<std::string> LocalAdapter::room_names() const {
  std::vector<std::string> names;
  sockets_.for_each([&](Socket const& socket) { names.emplace_back(socket.id()); });
  rooms_.for_each([&](Room const& room) { names.push_back(room.name); });
  return names;
}

// --- Selection

template <class Visit>
void LocalAdapter::visit(Target const& target, Visit visit) const {
  if (target.rooms.empty() && target.except.empty()) {
    for (auto* socket : everyone_.members)
      visit(*socket);
    return;
  }
  // Each socket remembers the last selection that met it, so that it is met once and no set has to be built.
  auto const mark = ++mark_;
  auto const meet = [&](std::string_view name, auto&& action) {
    auto const once = [&](Socket& socket) {
      if (std::exchange(socket.mark_, mark) != mark) action(socket);
    };
    if (auto const* const met = room(name)) {
      for (auto* socket : met->members)
        once(*socket);
    }
    if (auto* const socket = find(name)) once(*socket);
  };
  for (auto const& name : target.except)
    meet(name, [](Socket&) {});
  if (target.rooms.empty()) {
    for (auto* socket : everyone_.members) {
      if (socket->mark_ != mark) visit(*socket);
    }
    return;
  }
  for (auto const& name : target.rooms)
    meet(name, visit);
}

std::vector<std::shared_ptr<Socket>> LocalAdapter::select(Target const& target) const {
  std::vector<std::shared_ptr<Socket>> selected;
  visit(target, [&](Socket& socket) {
    if (socket.connected()) selected.push_back(socket.shared_from_this());
  });
  return selected;
}

// --- Delivery

void LocalAdapter::broadcast(EncodedPacket const& packet, Target const& target, EmitOptions const& options) {
  if (!options.is_volatile && target.except.empty()) {
    if (target.rooms.empty()) return send_to_all(everyone_, packet, options.compress);
    if (target.rooms.size() == 1) {
      auto* const only = room(target.rooms.front());
      if (only != nullptr && find(only->name) == nullptr) return send_to_all(*only, packet, options.compress);
    }
  }
  core::ChunkRef frames;
  visit(target, [&](Socket& socket) {
    if (!socket.connected() || (options.is_volatile && !socket.writable())) return;
    if (socket.frames_ == nullptr) return socket.send_packet(packet, options.compress);
    if (!frames) frames = core::ChunkRef::copy(node_.frames_of(packet));
    socket.frames_->write(frames);
  });
}

void LocalAdapter::send_to_all(Room& room, EncodedPacket const& packet, bool compress) {
  auto const frames = node_.frames_of(packet);
  if (!room.burst || !room.burst->has_room_for(frames.size())) {
    start_burst(room, packet, frames, compress);
    return;
  }
  room.burst->append(frames);
  for (auto* socket : room.unshared)
    socket->send_packet(packet, compress);
}

void LocalAdapter::start_burst(Room& room, EncodedPacket const& packet, std::string_view frames,
                               bool compress) {
  // Room for more of the same: what a busy room is sent in one turn is usually alike.
  constexpr std::size_t least = 2048;
  constexpr std::size_t most = 64 * 1024;
  auto const capacity = std::max(frames.size(), std::clamp(frames.size() * 16, least, most));
  room.unshared.clear();
  room.burst = std::make_unique<core::Burst>(node_.shard(), capacity);
  room.burst->append(frames);
  for (auto* socket : room.members) {
    if (socket->frames_ != nullptr) {
      socket->frames_->join(*room.burst, 0);
    } else if (socket->connected()) {
      room.unshared.push_back(socket);
      socket->send_packet(packet, compress);
    }
  }
}

void LocalAdapter::listener_added() noexcept {
  ++listeners_;
  nsp_.outgoing_listeners_.fetch_add(1, std::memory_order_relaxed);
}

void LocalAdapter::listener_removed() noexcept {
  --listeners_;
  nsp_.outgoing_listeners_.fetch_sub(1, std::memory_order_relaxed);
}

void LocalAdapter::tell_listeners(std::string_view event, std::vector<Value> const& args,
                                  Target const& target) {
  for (auto const& socket : select(target)) {
    if (socket->listens_to_outgoing()) socket->tell_outgoing(event, Args(args));
  }
}

// --- Messages of the cluster

void LocalAdapter::tell_listeners(ClusterMessage const& message) {
  // Who has begun to listen after the packet was emitted does not hear of it.
  if (message.args && has_listeners()) tell_listeners(message.event, *message.args, message.target);
}

void LocalAdapter::apply(ClusterMessage const& message, std::function<void(ClusterResponse)> const& respond) {
  using Type = ClusterMessage::Type;
  switch (message.type) {
    case Type::broadcast:
      if (message.request != 0) return broadcast_with_ack(message, respond);
      broadcast(message.packet, message.target, message.options);
      tell_listeners(message);
      return;
    case Type::join:
      for (auto const& socket : select(message.target)) {
        guarded(*socket, "join", [&] { socket->join(message.rooms); });
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
  }
}

void LocalAdapter::broadcast_with_ack(ClusterMessage const& message,
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
    if (message.options.is_volatile && !socket->writable()) continue;
    socket->send_packet(message.packet, message.options.compress);
  }
  tell_listeners(message);
}

void LocalAdapter::fetch(ClusterMessage const& message,
                         std::function<void(ClusterResponse)> const& respond) const {
  ClusterResponse response{.type = ClusterResponse::Type::sockets, .request = message.request};
  for (auto const& socket : select(message.target)) {
    response.sockets.push_back(
        {std::string(socket->id()), socket->handshake().to_value(), socket->rooms(), socket->shown_data()});
  }
  respond(std::move(response));
}

}}}  // namespace aerie::v1::socketio
