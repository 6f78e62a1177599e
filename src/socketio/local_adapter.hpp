#pragma once

#include "socketio/local_message.hpp"
#include "socketio/room.hpp"
#include "socketio/room_census.hpp"
#include "socketio/room_table.hpp"

#include <aerie/core/id.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/socketio/socket.hpp>
#include <aerie/socketio/target.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class ShardNode;

/// The local half of an adapter: the sockets and rooms that a namespace has on one shard. Belongs to it.
class LocalAdapter {
 public:
  LocalAdapter(Namespace& nsp, ShardNode& node);
  ~LocalAdapter();

  Namespace& nsp() const noexcept { return nsp_; }
  ShardNode& node() const noexcept { return node_; }

  // --- Sockets and rooms
  void add(Socket& socket);
  Socket* find(std::string_view id) const;
  void join(Socket& socket, std::string_view room);
  void leave(Socket& socket, std::string_view room);
  /// Takes a socket that goes out of everything that it is in. To be told afterwards, by `tell_gone`.
  [[nodiscard]] std::vector<RoomChange> depart(Socket& socket);
  void tell_gone(Socket const& socket, std::vector<RoomChange> const& changes);
  /// The way to the socket's client has changed.
  void rerouted(Socket& socket);
  /// The server ends: nothing of its shard stays with what handles keep.
  void close_bursts() noexcept;
  std::vector<std::string> room_names() const;
  std::vector<std::string> rooms_of(Socket const& socket) const;
  SeenRooms seen_rooms_of(Socket const& socket) const;
  std::vector<std::shared_ptr<Socket>> select(Target const& target) const;

  // --- Delivery; calls no user code but catch-all listeners, and these last.
  /// `rule`: what the namespace says of the event, if it says anything.
  void broadcast(PacketSet const& packets, Target const& target, EmitOptions const& options,
                 DropOldest const* rule);
  void tell_listeners(std::string_view event, std::vector<Value> const& args, Target const& target);
  bool has_listeners() const noexcept { return listeners_ > 0; }
  void listener_added() noexcept;
  void listener_removed() noexcept;

  /// Does what a message asks for; `respond` is called for each response to a request, now or later.
  void apply(LocalMessage const& message, std::function<void(ClusterResponse)> const& respond);

 private:
  template <class Visit>
  void visit(Target const& target, Visit visit) const;
  std::uint32_t next_mark() const;
  Room* room(std::string_view name) const;
  void remove(Socket& socket);
  void leave_all(Socket& socket, std::vector<RoomChange>* changes);
  bool tells_of_rooms() const noexcept;
  bool is_room_of_id(std::string_view name) const;
  bool is_named_room_of_id(std::string_view name) const;
  RoomChange change_of_own_room(Socket const& socket) const;
  void tell(bool joined, Socket const& socket, RoomChange const& change);
  void change_rooms_of(Socket const& socket);
  void append_named_rooms(Socket const& socket, std::vector<std::string>& names) const;
  void enter(Room& room, Socket& socket);
  /// True if the room has ended.
  bool take_out(Socket const& socket, Membership membership);
  void send_to_all(Room& room, PacketSet const& packets, bool compress);
  void start(Fan& fan, Room const& room, engineio::SharedMessages const& messages,
             EncodedPacket const& packet, bool compress);
  bool has_any(Target const& target) const;
  DropOldest const* rule_for(LocalMessage const& message) const;
  void tell_listeners(LocalMessage const& message);
  void broadcast_with_ack(LocalMessage const& message, std::function<void(ClusterResponse)> const& respond);
  void fetch(LocalMessage const& message, std::function<void(ClusterResponse)> const& respond) const;

  struct IdOf {
    std::string_view operator()(Socket const& socket) const noexcept { return socket.id(); }
  };

  Namespace& nsp_;
  ShardNode& node_;
  Room everyone_{""};
  RoomTable rooms_;
  /// Ids of clients of Socket.IO 2 are made of their session's, which a user may have let them choose.
  struct SocketHash {
    bool chosen_by_others;
    std::size_t operator()(std::string_view id) const noexcept {
      if (chosen_by_others) [[unlikely]]
        return core::KeyedHash()(id);
      return core::IdHash()(id);
    }
  };

  core::KeyedTable<Socket*, IdOf, SocketHash> sockets_;
  std::uint32_t mutable mark_ = 0;
  std::size_t listeners_ = 0;
};

}}}  // namespace aerie::v1::socketio
