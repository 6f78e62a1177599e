#include "rooms/rooms.hpp"

#include "errors.hpp"
#include "text.hpp"

#include <mutex>
#include <string>
#include <utility>

namespace chat {

namespace {

constexpr std::size_t longest_name = 64;

}  // namespace

aerie::Task<std::vector<Room>> Rooms::all() {
  return store_.rooms();
}

aerie::Task<Room> Rooms::create(std::string_view name) {
  auto trimmed = std::string(text::trimmed(name));
  if (!text::is_name(trimmed, longest_name)) {
    throw ChatError(ErrorCode::invalid_name, "A room's name has 1 to 64 characters, all of them printable.");
  }
  auto room = co_await store_.create_room(std::move(trimmed));
  remember(room);
  co_return room;
}

aerie::Task<Room> Rooms::find(RoomId id) {
  auto room = known(id);
  if (!room) {
    room = co_await store_.room(id);
    if (!room) throw ChatError(ErrorCode::room_not_found, "There is no such room.");
    remember(*room);
  }
  co_return std::move(*room);
}

std::optional<Room> Rooms::known(RoomId id) const {
  std::shared_lock const lock(mutex_);
  auto const found = known_.find(id);
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

void Rooms::remember(Room const& room) {
  std::unique_lock const lock(mutex_);
  known_.try_emplace(room.id, room);
}

}  // namespace chat
