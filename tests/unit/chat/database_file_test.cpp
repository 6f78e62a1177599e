#include "store/database_file.hpp"

#include "unit/chat/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace chat::test { namespace {

using namespace std::chrono_literals;

class DatabaseFileTest : public ::testing::Test {
 public:
  std::filesystem::path file() const { return directory.file("chat.db"); }
  sqlite::Connection open() const { return open_database(file(), 20ms, std::chrono::system_clock::now()); }
  std::string complaint() const {
    return complaint_of([&] { open(); });
  }

  TemporaryDirectory directory;
};

TEST_F(DatabaseFileTest, OpensWhatItHasMade) {
  open();
  EXPECT_EQ(complaint(), "");
}

TEST_F(DatabaseFileTest, FlushesEachCommitToTheDisk) {
  auto connection = open();
  EXPECT_EQ(connection.text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(connection.integer("PRAGMA synchronous"), 2);
}

TEST_F(DatabaseFileTest, RefusesAFileThatIsNoDatabase) {
  write_file(file(), std::string(4096, 'x'));
  EXPECT_NE(complaint().find("chat.db is damaged (file is not a database); restore it from a backup"),
            std::string::npos)
      << complaint();
}

TEST_F(DatabaseFileTest, RefusesADatabaseWithOverwrittenPages) {
  open();
  {
    std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(4096);
    stream << std::string(4096, '\xff');
  }
  EXPECT_NE(complaint().find("is damaged"), std::string::npos) << complaint();
}

TEST_F(DatabaseFileTest, RefusesATruncatedDatabase) {
  open();
  std::filesystem::resize_file(file(), 4096);
  EXPECT_NE(complaint().find("is damaged"), std::string::npos) << complaint();
}

TEST_F(DatabaseFileTest, RefusesAnotherProgramsDatabase) {
  sqlite::Connection(file(), sqlite::Access::read_write, 20ms).execute("CREATE TABLE theirs (id INTEGER)");
  EXPECT_NE(complaint().find("is the database of another program; name another file with --db"),
            std::string::npos)
      << complaint();
  // And leaves it as it was.
  EXPECT_EQ(sqlite::Connection(file(), sqlite::Access::read_write, 20ms).text("PRAGMA journal_mode"),
            "delete");
}

TEST_F(DatabaseFileTest, BringsOlderFormatsUpToDateAndKeepsWhatTheyHold) {
  // What each format has that the one before it had not, undone.
  std::string const undone[] = {
      "DROP TABLE notifications; DROP TABLE events;",
      "ALTER TABLE messages DROP COLUMN changed_at; ALTER TABLE messages DROP COLUMN is_deleted;",
      "DROP TABLE room_reads;",
      "DROP TABLE notifications; ALTER TABLE messages DROP COLUMN mentions;"
      "CREATE TABLE notifications (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES "
      "users (id), event_id INTEGER NOT NULL REFERENCES events (id), created_at INTEGER NOT NULL, is_read "
      "INTEGER NOT NULL DEFAULT 0) STRICT;"
      "CREATE INDEX notifications_of_user ON notifications (user_id, id);"
      "CREATE INDEX unread_notifications ON notifications (user_id) WHERE is_read = 0;",
      "DROP TABLE images; ALTER TABLE messages DROP COLUMN image;",
  };
  constexpr std::size_t present = std::size(undone) + 1;
  for (std::size_t older = 1; older < present; ++older) {
    std::filesystem::remove(file());
    {
      auto connection = open();
      for (auto undo = present - 1; undo >= older; --undo)
        connection.execute(undone[undo - 1].c_str());
      connection.execute(("PRAGMA user_version = " + std::to_string(older)).c_str());
      connection.execute(
          "INSERT INTO users (nickname, created_at) VALUES ('Ann', 3);"
          "INSERT INTO rooms (name, created_at) VALUES ('Kitchen', 5);"
          "INSERT INTO messages (room_id, sender_id, client_id, content, created_at) "
          "VALUES (2, 1, 'a', 'hello', 7);");
      if (older >= 2) {
        connection.execute(
            "INSERT INTO events (creator_id, client_id, title, starts_at) VALUES (1, 'e', 'Tea', 9);"
            "INSERT INTO notifications (id, user_id, event_id, created_at, is_read) VALUES (41, 1, 1, 11, 1);"
            "INSERT INTO notifications (id, user_id, event_id, created_at) VALUES (42, 1, 1, 12);"
            "DELETE FROM notifications WHERE id = 42;");
      }
    }
    auto connection = open();
    EXPECT_EQ(connection.integer("PRAGMA user_version"), static_cast<std::int64_t>(present));
    EXPECT_EQ(connection.text("SELECT content || room_id || sender_id FROM messages"), "hello21");
    EXPECT_EQ(connection.integer("SELECT count(*) FROM messages WHERE changed_at + is_deleted > 0"), 0);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM rooms"), 2);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM room_reads"), 0);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM messages WHERE mentions = '' AND image = ''"), 1);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM images"), 0);
    EXPECT_EQ(connection.text("PRAGMA foreign_key_check"), "");
    EXPECT_EQ(connection.text("SELECT coalesce(group_concat(id || ':' || event_id || ':' || is_read), '') "
                              "FROM notifications"),
              older >= 2 ? "41:1:1" : "");
    if (older < 2) continue;
    // No id is given twice.
    connection.execute("INSERT INTO notifications (user_id, event_id, created_at) VALUES (1, 1, 13)");
    EXPECT_EQ(connection.last_row_id(), 43);
  }
}

TEST_F(DatabaseFileTest, RefusesANewerFormat) {
  open().execute("PRAGMA user_version = 1000");
  EXPECT_NE(complaint().find("was written by a newer aerie-chat"), std::string::npos) << complaint();
}

TEST_F(DatabaseFileTest, RefusesADirectoryThatIsNotThere) {
  auto const text = complaint_of(
      [&] { open_database(directory.file("missing/chat.db"), 20ms, std::chrono::system_clock::now()); });
  EXPECT_NE(text.find("check that its directory exists"), std::string::npos) << text;
}

}}  // namespace chat::test
