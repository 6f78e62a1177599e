#include "store/database_file.hpp"

#include "unit/chat/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

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

TEST_F(DatabaseFileTest, BringsOlderFormatsUpToDate) {
  std::string const without_changes =
      "ALTER TABLE messages DROP COLUMN changed_at; ALTER TABLE messages DROP COLUMN is_deleted;";
  for (std::string const& older :
       {"DROP TABLE notifications; DROP TABLE events; PRAGMA user_version = 1; " + without_changes,
        "PRAGMA user_version = 2; " + without_changes}) {
    std::filesystem::remove(file());
    {
      auto connection = open();
      connection.execute(older.c_str());
      connection.execute("INSERT INTO rooms (name, created_at) VALUES ('Kitchen', 5)");
    }
    auto connection = open();
    EXPECT_EQ(connection.integer("PRAGMA user_version"), 3);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM notifications"), 0);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM messages WHERE changed_at + is_deleted > 0"), 0);
    EXPECT_EQ(connection.integer("SELECT count(*) FROM rooms"), 2);
  }
}

TEST_F(DatabaseFileTest, RefusesANewerFormat) {
  open().execute("PRAGMA user_version = 4");
  EXPECT_NE(complaint().find("was written by a newer aerie-chat"), std::string::npos) << complaint();
}

TEST_F(DatabaseFileTest, RefusesADirectoryThatIsNotThere) {
  auto const text = complaint_of(
      [&] { open_database(directory.file("missing/chat.db"), 20ms, std::chrono::system_clock::now()); });
  EXPECT_NE(text.find("check that its directory exists"), std::string::npos) << text;
}

}}  // namespace chat::test
