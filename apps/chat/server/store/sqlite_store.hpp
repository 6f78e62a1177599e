#pragma once

/// \file
/// The store on SQLite. Two threads of its own: one writes, in group commits; one reads, and does not wait
/// for the disk (https://www.sqlite.org/wal.html).

#include "store/group_commit.hpp"
#include "store/message_store.hpp"
#include "store/notification_store.hpp"
#include "store/tables.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/completion.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/worker_pool.hpp>

#include <chrono>
#include <filesystem>
#include <string>

namespace chat {

struct SqliteOptions {
  std::filesystem::path file;
  /// How long to wait where another process holds the database.
  std::chrono::milliseconds lock_timeout{2'000};
};

/// Destroying it completes what was begun; do so while the runtime and the listener exist.
class SqliteStore final : public MessageStore, public NotificationStore {
 public:
  /// Throws std::runtime_error as `open_database`.
  SqliteStore(SqliteOptions const& options, StoreListener& listener, aerie::core::Clock const& clock,
              aerie::Logger const& log);
  ~SqliteStore() override;

  std::string_view id() const noexcept override { return id_; }
  aerie::Task<User> user(std::string nickname) override;
  aerie::Task<Room> create_room(std::string name) override;
  aerie::Task<std::optional<Room>> room(RoomId id) override;
  aerie::Task<std::vector<Room>> rooms() override;
  aerie::Task<Message> append(NewMessage message) override;
  aerie::Task<MessagePage> history(RoomId room, std::optional<MessageId> before, std::size_t limit) override;
  aerie::Task<void> settled() override;

  aerie::Task<CalendarEvent> create_event(NewEvent event) override;
  aerie::Task<NotificationPage> notifications(UserId user, bool unread_only, std::size_t limit) override;
  aerie::Task<bool> mark_read(UserId user, NotificationId id) override;

  /// What was accepted is stored before the clients are let go, and what came until then while there still is
  /// somebody who can be told.
  aerie::Task<void> before_application_shutdown(std::string_view) { return settled(); }
  aerie::Task<void> on_application_shutdown(std::string_view) { return settled(); }

 private:
  template <class Result, class Query>
  aerie::Task<Result> read(Query query);

  StoreListener& listener_;
  aerie::core::Clock const& clock_;
  aerie::Logger const& log_;
  GroupCommit writer_;
  sqlite::Connection connection_;
  ReadTables tables_;
  std::string id_;
  aerie::core::WorkerPool reader_{1};
};

}  // namespace chat
