#pragma once

/// \file
/// The store on a database. Threads of its own: one writes, in group commits; others read, and do not wait
/// for the disk.

#include "store/database.hpp"
#include "store/group_commit.hpp"
#include "store/message_store.hpp"
#include "store/notification_store.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/worker_pool.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

/// Destroying it completes what was begun; do so while the runtime and the listener exist.
class Store final : public MessageStore, public NotificationStore {
 public:
  Store(Database database, StoreListener& listener, aerie::core::Clock const& clock,
        aerie::Logger const& log);
  ~Store() override;

  std::string_view id() const noexcept override { return id_; }
  std::optional<std::string> const& secret() const noexcept override { return secret_; }
  aerie::Task<User> user(std::string nickname) override;
  aerie::Task<Room> create_room(std::string name) override;
  aerie::Task<std::optional<Room>> room(RoomId id) override;
  aerie::Task<std::vector<Room>> rooms() override;
  aerie::Task<Message> append(NewMessage message) override;
  aerie::Task<MessagePage> history(RoomId room, std::optional<MessageId> before, std::size_t limit) override;
  aerie::Task<ChangedMessage> change(MessageChange change) override;
  aerie::Task<MessagePage> search(RoomId room, std::string text, std::optional<MessageId> before,
                                  std::size_t limit) override;
  aerie::Task<std::optional<StoredImage>> image(std::string key) override;
  aerie::Task<ReadState> read_up_to(UserId user, RoomId room, MessageId message) override;
  aerie::Task<void> forget_room(UserId user, RoomId room) override;
  aerie::Task<std::vector<ReadState>> reading(UserId user) override;
  aerie::Task<void> settled() override;

  aerie::Task<CalendarEvent> create_event(NewEvent event) override;
  aerie::Task<NotificationPage> notifications(UserId user, bool unread_only, std::size_t limit) override;
  aerie::Task<bool> mark_read(UserId user, NotificationId id) override;

  /// Why nothing can be written at present; empty: it can.
  std::string trouble() const { return writer_.trouble(); }

  /// What was accepted is stored before the clients are let go, and what came until then while there still is
  /// somebody who can be told.
  aerie::Task<void> before_application_shutdown(std::string_view) { return settled(); }
  aerie::Task<void> on_application_shutdown(std::string_view) { return settled(); }

 private:
  template <class Result, class Query>
  aerie::Task<Result> read(Query query);
  std::unique_ptr<ReadTables> borrow();
  void give_back(std::unique_ptr<ReadTables> tables);

  StoreListener& listener_;
  aerie::core::Clock const& clock_;
  aerie::Logger const& log_;
  std::string id_;
  std::optional<std::string> secret_;
  GroupCommit writer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ReadTables>> free_;  // Never empty when a thread needs one.
  // The last member: its threads end before what they use.
  aerie::core::WorkerPool readers_;
};

}  // namespace chat
