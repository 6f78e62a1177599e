#pragma once

/// \file
/// News for everybody concerned: new messages, rooms and notifications from the store, and who is online.
///
/// Thread contract: thread-safe. Each kind of news has one thread that emits it, whatever shard it is about:
/// two that emitted could be overtaken by each other on the way to a third shard.

#include "coalescer.hpp"
#include "config.hpp"
#include "rooms/presence.hpp"
#include "store/message_store.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/gateway/emitter.hpp>

namespace chat {

class ChatGateway;
class NotificationsGateway;

class Announcer final : public StoreListener {
 public:
  Announcer(aerie::Emitter<ChatGateway>& rooms, aerie::Emitter<NotificationsGateway>& notifications,
            aerie::Runtime& runtime, Config const& config)
      : rooms_(rooms),
        notifications_(notifications),
        soon_(runtime),
        is_one_of_several_(config.redis.has_value()) {}

  /// On the store's thread.
  void message_stored(Message const& message) override;
  /// Where there are several instances everybody is told, perhaps once more: another one may have been killed
  /// between storing it and telling them.
  void message_repeated(Message const& message) override;
  void message_changed(Message const& message) override;
  void room_created(Room const& room) override;
  void notified(UserId user, Notification const& notification) override;
  void notification_read(UserId user, NotificationId id) override;
  void room_read(UserId user, ReadState const& state) override;
  void room_left(UserId user, RoomId room) override;

  /// Tells those of this instance in a room who is in it, soon: every instance tells its own.
  void presence_changed(Presence const& presence, RoomId room);

 private:
  aerie::Emitter<ChatGateway>& rooms_;
  aerie::Emitter<NotificationsGateway>& notifications_;
  Coalescer soon_;
  bool is_one_of_several_;
};

}  // namespace chat
