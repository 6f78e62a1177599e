#include "socketio/local_adapter.hpp"

#include "socketio/client.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"
#include "socketio/user_call.hpp"

#include <aerie/engineio/session.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// What other servers take for the id of a socket. Ids of clients of Socket.IO 2 do not look like one: theirs
/// are rooms with a name.
bool looks_like_an_id(std::string_view room) noexcept {
  return room.size() == core::IdSource::id_size;
}

bool ids_are_chosen_by_others(aerie::ServerOptions const& options) {
  return options.engine.allow_eio3 && options.engine.generate_id;
}

}  // namespace

LocalAdapter::LocalAdapter(Namespace& nsp, ShardNode& node)
    : nsp_(nsp), node_(node), sockets_(SocketHash{ids_are_chosen_by_others(node.server().options())}) {}

LocalAdapter::~LocalAdapter() = default;

// --- Sockets and rooms

void LocalAdapter::add(Socket& socket) {
  socket.place_ = static_cast<std::uint32_t>(everyone_.members.size());
  everyone_.members.push_back(&socket);
  try {
    sockets_.insert(&socket);
  } catch (...) {
    everyone_.members.pop_back();
    throw;
  }
  everyone_.changed();
  // From now on it is sent what goes to the rooms that it has joined on its way here.
  socket.is_reachable_ = true;
  socket.sink_ = socket.client_->session().shared_sink();
  change_rooms_of(socket);
  nsp_.connected_.fetch_add(1, std::memory_order_relaxed);
  if (socket.is_in_room_of_id_ && tells_of_rooms()) tell(true, socket, change_of_own_room(socket));
}

void LocalAdapter::remove(Socket& socket) {
  // One that has not got in may have the id of one that has: of the session that both have asked for.
  if (!socket.is_reachable_) return;
  sockets_.take(socket.id());
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
  // Its own id is a room that every socket is in without being listed.
  if (socket.is_session_) node_.recovery()->joined(socket, name);
  if (name == socket.id()) {
    if (std::exchange(socket.is_in_room_of_id_, true) || !tells_of_rooms() || !socket.is_reachable_) return;
    return tell(true, socket, change_of_own_room(socket));
  }
  auto* joined = room(name);
  if (joined != nullptr && socket.memberships_.find(joined->number) != nullptr) return;
  auto const is_new = joined == nullptr;
  if (is_new) {
    joined = &rooms_.make(name);
    node_.counts().rooms.add();
    node_.debug("socket.io:room", "room ", name, " of ", nsp_.name(), " begins");
  }
  try {
    enter(*joined, socket);
  } catch (...) {
    if (is_new) {
      rooms_.end(*joined);
      node_.counts().rooms.subtract();
    }
    throw;
  }
  if (!tells_of_rooms()) return;
  tell(true, socket,
       {.room = std::string(name),
        .room_changed = is_new && !is_room_of_id(name),
        .named_room_changed = is_new && !is_named_room_of_id(name)});
}

/// Puts the socket into the room, or leaves both as they were and throws: neither may refer to the other
/// alone.
void LocalAdapter::enter(Room& room, Socket& socket) {
  auto const index = static_cast<std::uint32_t>(room.members.size());
  room.members.push_back(&socket);
  try {
    socket.memberships_.add({.room = room.number, .index = index});
  } catch (...) {
    room.members.pop_back();
    throw;
  }
  room.changed();
}

void LocalAdapter::leave(Socket& socket, std::string_view name) {
  if (socket.is_session_) node_.recovery()->left(socket, name);
  if (name == socket.id()) {
    if (!std::exchange(socket.is_in_room_of_id_, false) || !tells_of_rooms() || !socket.is_reachable_) return;
    return tell(false, socket, change_of_own_room(socket));
  }
  auto const* const left = room(name);
  if (left == nullptr) return;
  auto* const found = socket.memberships_.find(left->number);
  if (found == nullptr) return;
  // The name may be the room's own.
  auto const tells = tells_of_rooms();
  auto text = tells ? std::string(name) : std::string();
  auto const membership = *found;
  socket.memberships_.remove(*found);
  auto const ended = take_out(socket, membership);
  if (!tells) return;
  auto const changed = ended && !is_room_of_id(text);
  auto const named = ended && !is_named_room_of_id(text);
  tell(false, socket, {.room = std::move(text), .room_changed = changed, .named_room_changed = named});
}

bool LocalAdapter::take_out(Socket const& socket, Membership membership) {
  auto& room = rooms_[membership.room];
  // The order within a room is nobody's business.
  auto* const last = room.members.back();
  room.members[membership.index] = last;
  room.members.pop_back();
  if (last != &socket) last->memberships_.find(room.number)->index = membership.index;
  room.changed();
  if (!room.members.empty()) return false;
  node_.debug("socket.io:room", "room ", room.name, " of ", nsp_.name(), " ends");
  rooms_.end(room);
  node_.counts().rooms.subtract();
  return true;
}

void LocalAdapter::leave_all(Socket& socket, std::vector<RoomChange>* changes) {
  auto const each = [](Memberships const& memberships, auto&& visit) {
    auto const entries = memberships.entries();
    for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
      if (at->room != Membership::none) visit(*at);
    }
  };
  // First what may fail.
  if (changes != nullptr) {
    changes->reserve(socket.memberships_.size() + 1);
    each(socket.memberships_,
         [&](auto membership) { changes->push_back({.room = rooms_[membership.room].name}); });
  }
  auto const left = std::move(socket.memberships_);
  std::size_t told = 0;
  each(left, [&](auto membership) {
    auto const ended = take_out(socket, membership);
    if (changes == nullptr) return;
    auto& change = (*changes)[told++];
    change.named_room_changed = ended && !is_named_room_of_id(change.room);
    change.room_changed = ended && !is_room_of_id(change.room);
  });
}

std::vector<RoomChange> LocalAdapter::depart(Socket& socket) {
  std::vector<RoomChange> changes;
  if (!tells_of_rooms()) {
    leave_all(socket, nullptr);
    remove(socket);
    return changes;
  }
  leave_all(socket, &changes);
  auto const was_here = socket.is_reachable_;
  remove(socket);
  if (was_here && socket.is_in_room_of_id_) changes.push_back(change_of_own_room(socket));
  return changes;
}

void LocalAdapter::tell_gone(Socket const& socket, std::vector<RoomChange> const& changes) {
  for (auto change = changes.rbegin(); change != changes.rend(); ++change)
    tell(false, socket, *change);
}

// --- Who wants to hear of rooms

bool LocalAdapter::tells_of_rooms() const noexcept {
  return nsp_.has_room_listeners() || node_.room_interest() != Adapter::RoomInterest::none;
}

/// Whether a room is that of a socket's own id.
bool LocalAdapter::is_room_of_id(std::string_view name) const {
  auto const* const socket = find(name);
  return socket != nullptr && socket->is_in_room_of_id_;
}

bool LocalAdapter::is_named_room_of_id(std::string_view name) const {
  return !looks_like_an_id(name) && is_room_of_id(name);
}

RoomChange LocalAdapter::change_of_own_room(Socket const& socket) const {
  auto const changed = room(socket.id()) == nullptr;
  return {.room = std::string(socket.id()),
          .room_changed = changed,
          .named_room_changed = changed && !looks_like_an_id(socket.id())};
}

void LocalAdapter::tell(bool joined, Socket const& socket, RoomChange const& change) {
  auto const interest = node_.room_interest();
  auto const for_adapter = interest == Adapter::RoomInterest::all     ? change.room_changed
                           : interest == Adapter::RoomInterest::named ? change.named_room_changed
                                                                      : false;
  if (for_adapter) node_.tell_adapter_of_room(nsp_, change.room, joined);
  if (!nsp_.has_room_listeners()) return;
  // In the official order: the room is there before its first member, and goes after its last.
  if (joined && change.room_changed) node_.tell_users_of_room(nsp_, change.room, true);
  nsp_.tell_member(joined, change.room, socket.id());
  if (!joined && change.room_changed) node_.tell_users_of_room(nsp_, change.room, false);
}

void LocalAdapter::rerouted(Socket& socket) {
  // One that leaves is still among its client's.
  if (!socket.is_reachable_) return;
  socket.sink_ = socket.client_->session().shared_sink();
  everyone_.changed();
  change_rooms_of(socket);
}

void LocalAdapter::change_rooms_of(Socket const& socket) {
  for (auto const& entry : socket.memberships_.entries()) {
    if (entry.room != Membership::none) rooms_[entry.room].changed();
  }
}

void LocalAdapter::close_bursts() noexcept {
  everyone_.changed();
  rooms_.for_each([](Room& room) { room.changed(); });
}

std::vector<std::string> LocalAdapter::room_names() const {
  std::vector<std::string> names;
  sockets_.for_each([&](Socket const& socket) {
    if (socket.is_in_room_of_id_) names.emplace_back(socket.id());
  });
  rooms_.for_each([&](Room const& room) { names.push_back(room.name); });
  return names;
}

std::vector<std::string> LocalAdapter::rooms_of(Socket const& socket) const {
  std::vector<std::string> names;
  if (socket.is_in_room_of_id_) names.emplace_back(socket.id());
  append_named_rooms(socket, names);
  return names;
}

SeenRooms LocalAdapter::seen_rooms_of(Socket const& socket) const {
  std::vector<std::string> names;
  append_named_rooms(socket, names);
  return socket.is_in_room_of_id_ ? SeenRooms::of_id_and(std::move(names)) : SeenRooms(std::move(names));
}

void LocalAdapter::append_named_rooms(Socket const& socket, std::vector<std::string>& names) const {
  for (auto const& entry : socket.memberships_.entries()) {
    if (entry.room != Membership::none) names.push_back(rooms_[entry.room].name);
  }
}

// --- Selection

std::uint32_t LocalAdapter::next_mark() const {
  // All over again: what sockets remember of the last round is forgotten.
  if (++mark_ == 0) {
    auto const forget = [](Room const& room) {
      for (auto* socket : room.members)
        socket->mark_ = 0;
    };
    forget(everyone_);
    rooms_.for_each(forget);
    ++mark_;
  }
  return mark_;
}

template <class Visit>
void LocalAdapter::visit(Target const& target, Visit visit) const {
  if (target.rooms.empty() && target.except.empty()) {
    for (auto* socket : everyone_.members)
      visit(*socket);
    return;
  }
  // Each socket remembers the last selection that met it, so that it is met once and no set has to be built.
  auto const mark = next_mark();
  auto const meet = [&](std::string_view name, auto&& action) {
    auto const once = [&](Socket& socket) {
      if (std::exchange(socket.mark_, mark) != mark) action(socket);
    };
    if (auto const* const met = room(name)) {
      for (auto* socket : met->members)
        once(*socket);
    }
    if (auto* const socket = find(name); socket != nullptr && socket->is_in_room_of_id_) once(*socket);
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

void LocalAdapter::fetch(LocalMessage const& message,
                         std::function<void(ClusterResponse)> const& respond) const {
  ClusterResponse response{.type = ClusterResponse::Type::sockets, .request = message.request};
  if (message.target.rooms.empty()) response.sockets.reserve(everyone_.members.size());
  // Calls nothing of the user's, so they stay where they are.
  visit(message.target, [&](Socket& socket) {
    if (!socket.connected()) return;
    response.sockets.push_back(
        {std::string(socket.id()), socket.handshake(), seen_rooms_of(socket), socket.shown_data()});
  });
  respond(std::move(response));
}

// --- Delivery

void LocalAdapter::broadcast(PacketSet const& packets, Target const& target, EmitOptions const& options,
                             DropOldest const* rule) {
  if (!options.is_volatile && target.except.empty() && rule == nullptr) {
    if (target.rooms.empty()) return send_to_all(everyone_, packets, options.compress);
    if (target.rooms.size() == 1) {
      auto* const only = room(target.rooms.front());
      if (only != nullptr && find(only->name) == nullptr)
        return send_to_all(*only, packets, options.compress);
    }
  }
  std::array<engineio::SharedMessages const*, ServerParsers::most> prepared{};
  std::array<std::shared_ptr<EncodedPacket const>, ServerParsers::most> kept;
  auto* const metrics = node_.metrics();
  visit(target, [&](Socket& socket) {
    if (!socket.connected()) return;
    if (options.is_volatile && !socket.writable()) return node_.counts().dropped_volatile.add();
    auto const* const packet = packets.find(socket.parser_);
    if (packet == nullptr) return;
    if (metrics != nullptr) metrics->sent.add();
    if (rule != nullptr && socket.holds_back()) {
      auto& copy = kept[socket.parser_];
      if (!copy) copy = std::make_shared<EncodedPacket const>(*packet);
      return socket.hold_back(copy, options.compress, *rule);
    }
    auto& messages = prepared[socket.parser_];
    if (messages == nullptr) messages = &node_.prepare(socket.parser_, *packet);
    if (socket.sink_) return socket.sink_.send(*messages);
    socket.send_packet(*packet, options.compress);
  });
}

void LocalAdapter::send_to_all(Room& room, PacketSet const& packets, bool compress) {
  if (auto* const metrics = node_.metrics()) metrics->sent.add(room.members.size());
  if (!room.fans) {
    auto* next = &room.fans;
    for (ParserIndex parser = 0; parser < node_.parsers().size(); ++parser) {
      if (packets.find(parser) == nullptr) continue;
      *next = std::make_unique<Fan>(parser);
      next = &(*next)->next;
    }
  }
  for (auto* fan = room.fans.get(); fan != nullptr; fan = fan->next.get()) {
    auto const* const packet = packets.find(fan->parser);
    if (packet == nullptr) continue;
    auto const& messages = node_.prepare(fan->parser, *packet);
    if (!fan->burst || !fan->burst->add(messages)) {
      start(*fan, room, messages, *packet, compress);
      continue;
    }
    for (auto* socket : fan->unshared)
      socket->send_packet(*packet, compress);
  }
}

void LocalAdapter::start(Fan& fan, Room const& room, engineio::SharedMessages const& messages,
                         EncodedPacket const& packet, bool compress) {
  fan.unshared.clear();
  auto& burst = fan.burst.emplace(node_.shard(), messages);
  for (auto* socket : room.members) {
    if (socket->parser_ != fan.parser) continue;
    if (socket->sink_) {
      socket->sink_.join(burst);
    } else if (socket->is_reachable_) {
      fan.unshared.push_back(socket);
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

}}}  // namespace aerie::v1::socketio
