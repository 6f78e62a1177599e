// What PostgreSQL has that SQLite has not: several instances, a network, and a server that comes and goes.

#include "store/postgres_database.hpp"

#include "unit/chat/postgres_proxy.hpp"
#include "unit/chat/store_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <thread>

namespace chat::test { namespace {

class PostgresTest : public StoreFixture {
 protected:
  PostgresTest() : StoreFixture(Kind::postgres) {}

  static PostgresServer& server() { return *PostgresServer::shared(); }
  std::unique_ptr<Store> another(NewsKeeper& its_news) {
    return std::make_unique<Store>(open_database(), its_news, clock, runtime.log());
  }
  /// Writes and reads until both work, which they do when the pauses between attempts are over.
  void await_recovery() {
    while (!code_of(store->append(message("recovery"))).empty() || !code_of(store->rooms()).empty())
      std::this_thread::yield();
  }
  static std::string complaint(std::string const& url) {
    auto options = postgres_options();
    options.connection.url = url;
    return complaint_of([&] { open_postgres(options, std::chrono::system_clock::now()); });
  }
};

TEST_F(PostgresTest, InstancesShareUsersRoomsMessagesAndTheSecret) {
  NewsKeeper news_there;
  auto const there = another(news_there);
  EXPECT_EQ(there->id(), store->id());
  EXPECT_EQ(there->secret(), store->secret());
  EXPECT_GE(store->secret().value_or("").size(), 32U);
  EXPECT_EQ(await(there->user("Ann")), await(store->user("Ann")));
  await(store->create_room("Kitchen"));
  EXPECT_EQ(code_of(there->create_room("Kitchen")), "ROOM_EXISTS");
  auto const sent = await(store->append(message("1", "hello")));
  EXPECT_EQ(await(there->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{sent});
  EXPECT_EQ(await(there->append(message("1", "again"))), sent);
  EXPECT_EQ(news.messages().size(), 1U);
  EXPECT_TRUE(news_there.messages().empty());
}

TEST_F(PostgresTest, WhoHasReadAMessageHasMissedNoneBeforeIt) {
  NewsKeeper news_there;
  auto const there = another(news_there);
  message("make Ann");
  std::vector<MessageId> seen;
  auto const look = [&] {
    auto const page = await(store->history(lobby, std::nullopt, 1000)).messages;
    // What was there once is followed by new ones only.
    for (auto const& each : page)
      if (seen.empty() || each.id > seen.back()) seen.push_back(each.id);
  };
  for (int i = 0; i < 200; ++i) {
    begin(store->append(message("here " + std::to_string(i))));
    begin(there->append(message("there " + std::to_string(i))));
    if (i % 20 == 0) look();
  }
  // The first may take longer to be stored than all of that.
  while (seen.empty())
    look();
  await(store->settled());
  await(there->settled());
  std::vector<MessageId> all;
  for (auto const& each : await(store->history(lobby, std::nullopt, 1000)).messages)
    all.push_back(each.id);
  ASSERT_EQ(all.size(), 400U);
  auto const until = std::ranges::upper_bound(all, seen.back());
  EXPECT_EQ(seen, std::vector<MessageId>(all.begin(), until));
}

TEST_F(PostgresTest, InstancesMayStartAtTheSameTime) {
  store.reset();
  server().clear();
  std::vector<std::string> ids(4);
  std::vector<std::thread> threads;
  for (auto& id : ids)
    threads.emplace_back([&] { id = open_database().id; });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(ids, std::vector<std::string>(4, ids[0]));
  EXPECT_EQ(server().run("SELECT count(*)::text FROM aerie_chat.rooms"), "1");
}

TEST_F(PostgresTest, ConnectionsThatWereCutAreReplacedUnnoticed) {
  await(store->append(message("1")));
  await(store->rooms());
  server().run(
      "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
      "AND backend_type = 'client backend'");
  // The database may be away for another moment.
  std::string code = "STORE_FAILED";
  while (code == "STORE_FAILED")
    code = code_of(store->append(message("2")));
  EXPECT_EQ(code, "");
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages.size(), 2U);
  EXPECT_TRUE(log.empty()) << log[0];
}

TEST_F(PostgresTest, WhileTheServerIsAwayEverythingFailsAtOnceAndWhatWasAnsweredIsKept) {
  auto const before = await(store->append(message("1")));
  server().stop();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(code_of(store->append(message("2"))), "STORE_FAILED");
    EXPECT_EQ(code_of(store->history(lobby, std::nullopt, 10)), "STORE_FAILED");
  }
  EXPECT_NE(store->trouble(), "");
  server().start();
  // Noticed without anybody writing.
  while (!store->trouble().empty())
    std::this_thread::yield();
  await_recovery();
  EXPECT_EQ(await(store->append(message("1"))), before);
  EXPECT_EQ(log.back(), "writing works again");
}

TEST_F(PostgresTest, WhereAnotherInstanceDoesNotEndItsTurnWritesFailAndReadsGoOn) {
  message("make Ann");
  auto impatient = postgres_options();
  impatient.connection.lock_timeout = 20ms;
  store = std::make_unique<Store>(open_postgres(impatient, clock.wall()), news, clock, runtime.log());
  postgres::Connection other(postgres_options().connection);
  other.send_sql("BEGIN");
  other.send_sql("SELECT pg_advisory_xact_lock(1097155432, 1)");
  other.flush();
  EXPECT_EQ(code_of(store->append(message("1"))), "STORE_FAILED");
  EXPECT_TRUE(await(store->history(lobby, std::nullopt, 10)).messages.empty());
  other.send_sql("ROLLBACK");
  other.flush();
  EXPECT_EQ(code_of(store->append(message("1"))), "");
}

class PostgresProxyTest : public PostgresTest {
 public:
  void SetUp() override {
    PostgresTest::SetUp();
    if (IsSkipped()) return;
    ann = await(store->user("Ann"));
    proxy.emplace(server().socket());
    store.reset();
    auto options = postgres_options();
    options.connection.url = proxy->url();
    options.connection.answer_timeout = 700ms;
    options.connection.connect_timeout = 300ms;
    // What writes goes through the proxy, one connection at a time.
    auto database = open_postgres(options, clock.wall());
    database.reads = open_database().reads;
    store = std::make_unique<Store>(std::move(database), news, clock, runtime.log());
  }

  std::optional<PostgresProxy> proxy;
};

TEST_F(PostgresProxyTest, AMessageWhoseCommitWasAnsweredToNobodyIsToldOnceAndKeptOnce) {
  await(store->append(message("0")));
  proxy->plan(PostgresProxy::Plan::lose_answer);
  EXPECT_EQ(code_of(store->append(message("1", "hello"))), "STORE_FAILED");
  // The sender tries again, as clients do.
  std::string code = "STORE_FAILED";
  while (code == "STORE_FAILED")
    code = code_of(store->append(message("1", "hello")));
  EXPECT_EQ(code, "");
  EXPECT_EQ(contents_of(news.messages()), (std::vector<std::string>{"hello", "hello"}));
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, news.messages());
}

TEST_F(PostgresProxyTest, AMessageWhoseCommitWasLostIsNotToldBeforeItIsStored) {
  await(store->append(message("0")));
  proxy->plan(PostgresProxy::Plan::lose_commit);
  EXPECT_EQ(code_of(store->append(message("1"))), "STORE_FAILED");
  // The database may be away for another moment.
  std::string code = "STORE_FAILED";
  while (code == "STORE_FAILED")
    code = code_of(store->append(message("2")));
  EXPECT_EQ(code, "");
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, news.messages());
  EXPECT_EQ(news.messages().back().client_id, "2");
  EXPECT_EQ(news.messages().size(), 2U);
}

TEST_F(PostgresProxyTest, AServerThatDoesNotAnswerIsGivenUp) {
  await(store->append(message("0")));
  proxy->plan(PostgresProxy::Plan::be_silent);
  EXPECT_EQ(code_of(store->append(message("1"))), "STORE_FAILED");
  proxy->plan(PostgresProxy::Plan::pass);
  await_recovery();
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, news.messages());
}

TEST_F(PostgresTest, BringsOlderFormatsUpToDateAndKeepsWhatTheyHold) {
  // What each format has that the one before it had not, undone.
  std::vector<std::string> const undone[] = {
      {"ALTER TABLE aerie_chat.messages DROP COLUMN changed_at, DROP COLUMN is_deleted"},
      {"DROP TABLE aerie_chat.room_reads"},
      {"ALTER TABLE aerie_chat.messages DROP COLUMN mentions",
       "ALTER TABLE aerie_chat.notifications DROP COLUMN message_id, ALTER COLUMN event_id SET NOT NULL"},
      {"DROP TABLE aerie_chat.images", "ALTER TABLE aerie_chat.messages DROP COLUMN image"},
  };
  constexpr std::size_t present = std::size(undone) + 1;
  auto const sent = await(store->append(message("1", "old")));
  await(store->create_event({ann, "e", "Tea", aerie::Date(clock.wall()), {"Ann"}}));
  auto const told = await(store->notifications(ann.id, false, 10)).notifications;
  ASSERT_EQ(told.size(), 1U);
  for (std::size_t older = 1; older < present; ++older) {
    store.reset();
    for (auto undo = present - 1; undo >= older; --undo)
      for (auto const& sql : undone[undo - 1])
        server().run(sql);
    server().run("UPDATE aerie_chat.meta SET value = '" + std::to_string(older) + "' WHERE key = 'format'");
    open();
    EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{sent});
    EXPECT_EQ(await(store->notifications(ann.id, false, 10)).notifications, told);
    EXPECT_EQ(await(store->read_up_to(ann.id, lobby, sent.id)).up_to, sent.id);
    for (std::string const key : {"format", "oldest"}) {
      EXPECT_EQ(server().run("SELECT value FROM aerie_chat.meta WHERE key = '" + key + "'"),
                std::to_string(present))
          << key;
    }
  }
  EXPECT_TRUE(await(store->change({lobby, sent.id, ann, "new"})).message.has_value());
}

TEST_F(PostgresTest, GoesOnWhereANewerProgramHasAddedToItsTables) {
  auto const before = await(store->append(message("1", "before")));
  // Under the hands of a program that runs, whose statements are prepared.
  for (std::string const sql :
       {"ALTER TABLE aerie_chat.messages ADD COLUMN new_thing text NOT NULL DEFAULT ''",
        "ALTER TABLE aerie_chat.notifications ADD COLUMN new_thing bigint",
        "CREATE TABLE aerie_chat.new_things (id bigint)",
        "UPDATE aerie_chat.meta SET value = '1000' WHERE key = 'format'"})
    server().run(sql);
  await(store->append(message("2", "after")));
  await(store->create_event({ann, "e", "Tea", aerie::Date(clock.wall()), {"Ann"}}));
  EXPECT_TRUE(await(store->change({lobby, before.id, ann, "changed"})).message.has_value());
  // And where it starts anew: the newer one may have been taken back.
  store.reset();
  open();
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages.size(), 2U);
  EXPECT_EQ(await(store->notifications(ann.id, false, 10)).unread, 1);
  EXPECT_EQ(server().run("SELECT value FROM aerie_chat.meta WHERE key = 'format'"), "1000");
}

TEST_F(PostgresTest, ReadsWhatAnOlderProgramWritesMeanwhile) {
  auto with_image = message("1", "look");
  with_image.image = NewImage{{"key", "image/png", 3, 4}, aerie::Bytes("image"), 10};
  auto const sent = await(store->append(with_image));
  ASSERT_TRUE(await(store->image("key")));
  // As format 1 stores a message, and format 4 deletes one: neither knows of images.
  server().run(
      "INSERT INTO aerie_chat.messages (room_id, sender_id, client_id, content, created_at) "
      "SELECT room_id, sender_id, 'old', 'old', created_at FROM aerie_chat.messages");
  server().run(
      "UPDATE aerie_chat.messages SET content = '', is_deleted = true, changed_at = 1, mentions = '' "
      "WHERE id = " +
      std::to_string(sent.id));
  auto const read = await(store->history(lobby, std::nullopt, 10)).messages;
  ASSERT_EQ(read.size(), 2U);
  EXPECT_TRUE(read.front().deleted);
  EXPECT_FALSE(read.front().image);
  EXPECT_FALSE(await(store->image("key")));
  EXPECT_EQ(read.back().content, "old");
  EXPECT_FALSE(read.back().deleted);
}

TEST_F(PostgresTest, RefusesTheSchemaOfAnotherProgramAndOfANewerOneThatLeavesItNoRoom) {
  auto const present = server().run("SELECT value FROM aerie_chat.meta WHERE key = 'format'");
  store.reset();
  server().run("UPDATE aerie_chat.meta SET value = '1000' WHERE key = 'format'");
  for (std::string const sql : {"UPDATE aerie_chat.meta SET value = '1000' WHERE key = 'oldest'",
                                "UPDATE aerie_chat.meta SET value = 'x' WHERE key = 'oldest'",
                                "DELETE FROM aerie_chat.meta WHERE key = 'oldest'"}) {
    server().run(sql);
    auto const text = complaint(server().url());
    EXPECT_NE(text.find("was written by a newer aerie-chat (format 1000, this one knows " + present +
                        "); start the newer program, or name another database with --db"),
              std::string::npos)
        << sql << ": " << text;
  }
  server().run("DROP TABLE aerie_chat.meta");
  EXPECT_NE(complaint(server().url()).find("is another program's; name another database with --db"),
            std::string::npos)
      << complaint(server().url());
}

TEST_F(PostgresTest, NoSentenceQuotesAPassword) {
  std::string const directory = server().directory();
  for (std::string const& url : {
           "postgres://chat:hush-hush@/missing?host=" + directory,
           "postgres://nobody:hush-hush@/postgres?host=" + directory,
           std::string("postgres://chat:hush-hush@127.0.0.1:1/postgres"),
           std::string("postgres://chat:hush-hush%zz@127.0.0.1/postgres"),
           std::string("postgres://chat:hush-hush@[::1/postgres"),
           std::string("postgres://chat@127.0.0.1/postgres?password=hush-hush&nonsense=1"),
       }) {
    auto const text = complaint(url);
    EXPECT_NE(text, "") << url;
    EXPECT_EQ(text.find("hush"), std::string::npos) << text;
  }
  EXPECT_NE(complaint("postgres://chat@/missing?host=" + directory).find("check that the server runs"),
            std::string::npos);
}

}}  // namespace chat::test
