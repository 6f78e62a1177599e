#pragma once

/// \file
/// The writes of the calendar, from the request to its answer.

#include "store/notification_store.hpp"
#include "store/writes.hpp"

namespace chat {

class EventWrite final : public AwaitedWrite<CalendarEvent> {
 public:
  EventWrite(aerie::core::Completer<CalendarEvent> reply, NewEvent event, aerie::core::Clock const& clock,
             StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  NewEvent event_;
  aerie::core::Clock const& clock_;
  StoreListener& listener_;
  StoredEvent stored_;
};

class MarkReadWrite final : public AwaitedWrite<bool> {
 public:
  MarkReadWrite(aerie::core::Completer<bool> reply, UserId user, NotificationId id, StoreListener& listener);
  void apply(WriteTables& tables) override;
  void committed() override;

 private:
  UserId user_;
  NotificationId id_;
  StoreListener& listener_;
  Marked marked_ = Marked::never_there;
};

}  // namespace chat
