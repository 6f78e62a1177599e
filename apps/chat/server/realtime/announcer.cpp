#include "realtime/announcer.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace chat {

namespace {

using namespace std::chrono_literals;

constexpr auto presence_delay = 20ms;

struct OnlineNews {
  RoomId chat_room_id = 0;
  std::vector<User> users;

  static void describe(aerie::Schema<OnlineNews>& s) {
    s.field<&OnlineNews::chat_room_id>("chatRoomId");
    s.field<&OnlineNews::users>();
  }
};

}  // namespace

std::string channel_of(RoomId room) {
  return "room:" + std::to_string(room);
}

void Announcer::message_stored(Message const& message) {
  io_.to(channel_of(message.chat_room_id)).emit("newMessage", message);
}

void Announcer::room_created(Room const& room) {
  io_.emit("roomCreated", room);
}

aerie::Task<void> Announcer::caught_up(aerie::core::Shard& shard) {
  auto& first = runtime_.shard(0);
  if (&shard == &first) co_return;
  aerie::core::Completion<void> passed;
  first.post([give = passed.completer()]() mutable { give(); });
  co_await passed;
}

void Announcer::presence_changed(Presence const& presence, RoomId room) {
  {
    std::scoped_lock const lock(mutex_);
    changed_.insert(room);
    if (changed_.size() > 1) return;
  }
  aerie::spawn(runtime_, tell_presence_soon(presence));
}

aerie::Task<void> Announcer::tell_presence_soon(Presence const& presence) {
  co_await aerie::sleep_for(presence_delay);
  std::set<RoomId> changed;
  {
    std::scoped_lock const lock(mutex_);
    changed.swap(changed_);
  }
  for (auto const room : changed) {
    OnlineNews const news{room, presence.online(room)};
    io_.to(channel_of(room)).emit("online", news);
  }
}

}  // namespace chat
