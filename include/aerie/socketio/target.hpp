#pragma once

/// \file
/// Whom a broadcast is for.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The members of any of `rooms`, or of the whole namespace if there are none, without the members of
/// `except`. An id of a socket is the name of a room that has this socket in it.
struct Target {
  std::vector<std::string> rooms{};
  std::vector<std::string> except{};
};

/// One room or several, for calls that take either.
class RoomList {
 public:
  RoomList(char const* room) : rooms_{room} {}
  RoomList(std::string_view room) : rooms_{std::string(room)} {}
  RoomList(std::string room) : rooms_{std::move(room)} {}
  RoomList(std::vector<std::string> rooms) : rooms_(std::move(rooms)) {}
  RoomList(std::initializer_list<std::string_view> rooms) : rooms_(rooms.begin(), rooms.end()) {}

  std::vector<std::string> const& rooms() const noexcept { return rooms_; }
  std::vector<std::string> take() && noexcept { return std::move(rooms_); }

 private:
  std::vector<std::string> rooms_;
};

}}}  // namespace aerie::v1::socketio
