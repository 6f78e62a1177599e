#pragma once

/// \file
/// News for everybody concerned: new messages, rooms and notifications from the store, and who is online.
///
/// Thread contract: thread-safe. Each kind of news has one thread that emits it, whatever shard it is about:
/// two that emitted could be overtaken by each other on the way to a third shard.

#include "coalescer.hpp"
#include "rooms/presence.hpp"
#include "store/message_store.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/namespace.hpp>

#include <mutex>
#include <string>
#include <string_view>

namespace chat {

/// The Socket.IO room of a chat room, and of all tabs of a user.
std::string channel_of(RoomId room);
std::string tabs_of(UserId user);

class Announcer final : public StoreListener {
 public:
  explicit Announcer(aerie::Runtime& runtime) : runtime_(runtime) {}

  /// Where there is somebody to tell; nobody before that.
  void announce_rooms_in(aerie::Namespace* nsp);
  void announce_notifications_in(aerie::Namespace* nsp);
  /// The clients are gone; what is still stored is told to nobody.
  void on_application_shutdown(std::string_view);

  /// On the store's thread.
  void message_stored(Message const& message) override;
  void room_created(Room const& room) override;
  void notified(UserId user, Notification const& notification) override;
  void notification_read(UserId user, NotificationId id) override;

  /// Ends on `shard`, the caller's, when everything that was announced before has been delivered there. What
  /// the store's thread announces goes by way of the first shard.
  aerie::Task<void> caught_up(aerie::core::Shard& shard);

  /// Tells a room who is in it, soon.
  void presence_changed(Presence const& presence, RoomId room);

 private:
  void tell_presence(Presence const& presence, RoomId room);

  aerie::Runtime& runtime_;
  std::mutex mutex_;
  aerie::Namespace* rooms_ = nullptr;
  aerie::Namespace* notifications_ = nullptr;
  Coalescer soon_{runtime_};
};

}  // namespace chat
