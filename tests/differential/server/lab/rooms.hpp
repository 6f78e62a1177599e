#pragma once

#include <aerie/gateway/gateways.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace reference::lab {

/// Rooms, and sending to many.
class Rooms {
 public:
  static void describe(aerie::Gateway<Rooms>& g);

 private:
  using RoomName = std::string;
  using RoomNames = std::vector<std::string>;

  void opened(aerie::Namespace& nsp);
  RoomNames join(aerie::Socket& socket, RoomName const& room);
  RoomNames leave(aerie::Socket& socket, RoomName const& room);
  bool from_server(RoomName const& room);
  bool from_socket(aerie::Socket& socket, RoomName const& room);
  bool except(RoomNames const& rooms);
  bool to_union(RoomNames const& rooms);
  void to_all(aerie::Value const& data);
  void to_others(aerie::Socket& socket, aerie::Value const& data);
  aerie::Task<std::size_t> count(RoomName room);
  bool move_all(RoomNames const& rooms);
  void kick(RoomName const& room);
  void direct(aerie::Socket& socket, std::string const& id);
  aerie::Task<aerie::Value> ask_room(RoomName room);

  aerie::Namespace* nsp_ = nullptr;
};

}  // namespace reference::lab
