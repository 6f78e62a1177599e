#pragma once

/// \file
/// News for everybody concerned: new messages and rooms from the store, and who is online.
///
/// Thread contract: thread-safe. Each kind of news has one thread that emits it, whatever shard it is about:
/// two that emitted could be overtaken by each other on the way to a third shard.

#include "rooms/presence.hpp"
#include "store/message_store.hpp"

#include <aerie/socketio/server.hpp>

#include <mutex>
#include <set>
#include <string>

namespace chat {

/// The Socket.IO room of a chat room.
std::string channel_of(RoomId room);

class Announcer final : public StoreListener {
 public:
  Announcer(aerie::Runtime& runtime, aerie::Server& io) : runtime_(runtime), io_(io) {}

  /// On the store's thread.
  void message_stored(Message const& message) override;
  void room_created(Room const& room) override;

  /// Ends on `shard`, the caller's, when everything that was announced before has been delivered there. What
  /// the store's thread announces goes by way of the first shard.
  aerie::Task<void> caught_up(aerie::core::Shard& shard);

  /// Tells a room who is in it, soon: many who come at once, after a restart, are one piece of news.
  void presence_changed(Presence const& presence, RoomId room);

 private:
  aerie::Task<void> tell_presence_soon(Presence const& presence);

  aerie::Runtime& runtime_;
  aerie::Server& io_;
  std::mutex mutex_;
  std::set<RoomId> changed_;
};

}  // namespace chat
