#pragma once

#include <map>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

/// The rooms of a process, where each shard tells when one has begun or ended there. Belongs to one shard.
class RoomCensus {
 public:
  /// True if the room has begun with this, or ended. Shards tell in their own time: of a room that has moved
  /// from one to another, the end may be heard of after the beginning, and then it goes on.
  bool changed(std::string const& nsp, std::string const& room, bool begun) {
    auto const place = shards_.try_emplace({nsp, room}, 0U).first;
    if (begun) return ++place->second == 1;
    if (place->second > 1) {
      --place->second;
      return false;
    }
    shards_.erase(place);
    return true;
  }
  bool empty() const noexcept { return shards_.empty(); }

 private:
  std::map<std::pair<std::string, std::string>, unsigned> shards_;
};

/// What a socket's coming or going has done to a room on its shard.
struct RoomChange {
  std::string room;
  /// The room has begun or ended there. The two differ where it is the room of a socket's own id, too.
  bool room_changed = false;
  bool named_room_changed = false;
};

}}}  // namespace aerie::v1::socketio
