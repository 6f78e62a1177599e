#pragma once

#include "errors.hpp"
#include "store/postgres_database.hpp"
#include "store/sqlite_database.hpp"
#include "store/store.hpp"
#include "unit/chat/postgres_server.hpp"
#include "unit/chat/temporary_directory.hpp"
#include "unit/core/task_fixture.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace chat::test {

using namespace std::chrono_literals;

/// Keeps what the store announces.
class NewsKeeper final : public StoreListener {
 public:
  void message_stored(Message const& message) override {
    std::scoped_lock const lock(mutex_);
    messages_.push_back(message);
  }
  void message_repeated(Message const& message) override {
    std::scoped_lock const lock(mutex_);
    repeated_.push_back(message);
  }
  void message_changed(Message const& message) override {
    std::scoped_lock const lock(mutex_);
    changed_.push_back(message);
  }
  void room_created(Room const& room) override {
    std::scoped_lock const lock(mutex_);
    rooms_.push_back(room);
  }
  void notified(UserId user, Notification const& notification) override {
    std::scoped_lock const lock(mutex_);
    notifications_.emplace_back(user, notification);
  }
  void notification_read(UserId user, NotificationId id) override {
    std::scoped_lock const lock(mutex_);
    read_.emplace_back(user, id);
  }
  void room_read(UserId user, ReadState const& state) override {
    std::scoped_lock const lock(mutex_);
    rooms_read_.emplace_back(user, state);
  }
  void room_left(UserId user, RoomId room) override {
    std::scoped_lock const lock(mutex_);
    rooms_left_.emplace_back(user, room);
  }
  std::vector<std::pair<UserId, ReadState>> rooms_read() const {
    std::scoped_lock const lock(mutex_);
    return rooms_read_;
  }
  std::vector<std::pair<UserId, RoomId>> rooms_left() const {
    std::scoped_lock const lock(mutex_);
    return rooms_left_;
  }
  std::vector<std::pair<UserId, Notification>> notifications() const {
    std::scoped_lock const lock(mutex_);
    return notifications_;
  }
  std::vector<std::pair<UserId, NotificationId>> read() const {
    std::scoped_lock const lock(mutex_);
    return read_;
  }
  std::vector<Message> messages() const {
    std::scoped_lock const lock(mutex_);
    return messages_;
  }
  std::vector<Message> repeated() const {
    std::scoped_lock const lock(mutex_);
    return repeated_;
  }
  std::vector<Message> changed() const {
    std::scoped_lock const lock(mutex_);
    return changed_;
  }
  std::vector<Room> rooms() const {
    std::scoped_lock const lock(mutex_);
    return rooms_;
  }

 private:
  std::mutex mutable mutex_;
  std::vector<Message> messages_;
  std::vector<Message> repeated_;
  std::vector<Message> changed_;
  std::vector<Room> rooms_;
  std::vector<std::pair<UserId, Notification>> notifications_;
  std::vector<std::pair<UserId, NotificationId>> read_;
  std::vector<std::pair<UserId, ReadState>> rooms_read_;
  std::vector<std::pair<UserId, RoomId>> rooms_left_;
};

enum class Kind : std::uint8_t { sqlite, postgres };

inline std::string name_of(Kind kind) {
  return kind == Kind::sqlite ? "Sqlite" : "Postgres";
}

/// A store with nothing in it, and a shard to wait for it on.
class StoreFixture : public aerie::test::TaskFixture {
 public:
  static constexpr RoomId lobby = 1;

  std::filesystem::path database() const { return directory.file("chat.db"); }
  Database open_database() const {
    if (kind_ == Kind::sqlite) return open_sqlite({database(), 20ms}, clock.wall());
    return open_postgres(postgres_options(), clock.wall());
  }
  static PostgresOptions postgres_options() {
    PostgresOptions options;
    options.connection.url = PostgresServer::shared()->url();
    return options;
  }
  void open() { store = std::make_unique<Store>(open_database(), news, clock, runtime.log()); }
  void reopen() {
    store.reset();
    open();
  }
  /// Another database in the place of the one there was.
  void replace() {
    store.reset();
    if (kind_ == Kind::sqlite) {
      std::filesystem::remove(database());
    } else {
      PostgresServer::shared()->clear();
    }
    open();
  }

  /// The end of a task. Throws what the task throws.
  template <class T>
  T await(aerie::Task<T> task) {
    auto const outcome = begin(std::move(task));
    run_until([&] { return has_ended(*outcome); });
    return outcome->take();
  }
  /// The code that a task fails with, as text; empty if it does not.
  template <class T>
  std::string code_of(aerie::Task<T> task) {
    try {
      await(std::move(task));
    } catch (ChatError const& error) {
      return std::string(to_string(error.code()));
    }
    return {};
  }

  NewMessage message(std::string client_id, std::string content = "hello", RoomId room = lobby) {
    if (ann.id == 0) ann = await(store->user("Ann"));
    return {room, ann, std::move(client_id), std::move(content)};
  }

  TemporaryDirectory directory;
  NewsKeeper news;
  User ann;
  std::unique_ptr<Store> store;

 protected:
  explicit StoreFixture(Kind kind = Kind::sqlite) : kind_(kind) {
    if (!is_there()) return;
    if (kind_ == Kind::postgres) PostgresServer::shared()->clear();
    open();
  }

  void SetUp() override {
    if (!is_there()) GTEST_SKIP() << PostgresServer::why_not();
  }

 private:
  template <class T>
  static bool has_ended(aerie::core::Outcome<T> const& outcome) {
    return outcome.has_value() || outcome.error() != nullptr;
  }

  bool is_there() const { return kind_ == Kind::sqlite || PostgresServer::shared() != nullptr; }

  Kind kind_;
};

/// What holds for every database.
class AnyStoreFixture : public StoreFixture, public ::testing::WithParamInterface<Kind> {
 protected:
  AnyStoreFixture() : StoreFixture(GetParam()) {}
};

inline auto kinds() {
  return ::testing::Values(Kind::sqlite, Kind::postgres);
}
inline std::string name_of_test(::testing::TestParamInfo<Kind> const& info) {
  return name_of(info.param);
}

inline std::vector<std::string> contents_of(std::vector<Message> const& messages) {
  std::vector<std::string> contents;
  for (auto const& message : messages)
    contents.push_back(message.content);
  return contents;
}

}  // namespace chat::test
