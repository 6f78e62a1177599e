#include "store/store.hpp"

#include "store/sqlite.hpp"
#include "unit/chat/store_fixture.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <tuple>

namespace chat::test { namespace {

using StoreTest = AnyStoreFixture;
INSTANTIATE_TEST_SUITE_P(Kinds, StoreTest, kinds(), name_of_test);

using Texts = std::vector<std::string>;

TEST_P(StoreTest, ANewDatabaseHasALobby) {
  auto const rooms = await(store->rooms());
  ASSERT_EQ(rooms.size(), 1U);
  EXPECT_EQ(rooms[0].id, lobby);
  EXPECT_EQ(rooms[0].name, "Lobby");
  EXPECT_EQ(rooms[0].created_at, aerie::Date(clock.wall()));
}

TEST_P(StoreTest, TheSameNicknameIsTheSameUser) {
  auto const ann_once = await(store->user("Ann"));
  auto const bob = await(store->user("Bob"));
  EXPECT_EQ(await(store->user("Ann")), ann_once);
  EXPECT_NE(bob.id, ann_once.id);
}

TEST_P(StoreTest, CreatesARoomOnceAndTellsOfIt) {
  auto const room = await(store->create_room("Kitchen"));
  EXPECT_EQ(room.name, "Kitchen");
  EXPECT_EQ(code_of(store->create_room("Kitchen")), "ROOM_EXISTS");
  EXPECT_EQ(await(store->room(room.id)), room);
  EXPECT_EQ(news.rooms(), std::vector<Room>{room});
}

TEST_P(StoreTest, ThereIsNoRoomOfAnUnknownId) {
  EXPECT_EQ(await(store->room(99)), std::nullopt);
}

TEST_P(StoreTest, AMessageCanBeReadOnceItIsAnswered) {
  auto const sent = await(store->append(message("1", "hello")));
  EXPECT_EQ(sent.sender, ann);
  EXPECT_EQ(sent.created_at, aerie::Date(clock.wall()));
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{sent});
}

TEST_P(StoreTest, TheSameClientIdOfTheSameSenderIsTheSameMessage) {
  auto const first = await(store->append(message("1", "first")));
  EXPECT_EQ(await(store->append(message("1", "second"))), first);
  EXPECT_EQ(news.messages(), std::vector<Message>{first});
}

TEST_P(StoreTest, AMessageThatIsSentAgainAfterAWhileIsToldAsThat) {
  auto const first = await(store->append(message("1", "first")));
  clock.advance(StoreListener::repeated_after - 1ms);
  EXPECT_EQ(await(store->append(message("1", "first"))), first);
  EXPECT_TRUE(news.repeated().empty());
  clock.advance(1ms);
  EXPECT_EQ(await(store->append(message("1", "first"))), first);
  EXPECT_EQ(news.repeated(), std::vector<Message>{first});
  EXPECT_EQ(news.messages(), std::vector<Message>{first});
}

TEST_P(StoreTest, TheSameClientIdTwiceInOneTransactionIsTheSameMessage) {
  auto const both = {message("1", "first"), message("1", "second")};
  std::vector<std::shared_ptr<aerie::core::Outcome<Message>>> answers;
  for (auto const& one : both)
    answers.push_back(begin(store->append(one)));
  await(store->settled());
  run_until([&] { return answers.back()->has_value(); });
  EXPECT_EQ(answers.front()->take(), answers.back()->take());
  EXPECT_EQ(news.messages().size(), 1U);
}

TEST_P(StoreTest, AnotherSenderMayUseTheSameClientId) {
  await(store->append(message("1", "Ann's")));
  NewMessage bobs{lobby, await(store->user("Bob")), "1", "Bob's"};
  EXPECT_EQ(await(store->append(std::move(bobs))).content, "Bob's");
}

TEST_P(StoreTest, ItsSenderChangesAMessageAndOthersAreTold) {
  auto const sent = await(store->append(message("1", "frist")));
  auto expected = sent;
  expected.content = "first";
  expected.changed_at = aerie::Date(clock.wall());
  auto const changed = await(store->change({lobby, sent.id, ann, "first"}));
  EXPECT_EQ(changed.message, expected);
  EXPECT_EQ(news.changed(), std::vector<Message>{expected});
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{expected});
  // Sent again under its client id, it is what it is now.
  EXPECT_EQ(await(store->append(message("1", "frist"))), expected);
}

TEST_P(StoreTest, EachChangeIsLaterThanTheOneBeforeThoughTheClockStands) {
  auto const sent = await(store->append(message("1")));
  auto const once = await(store->change({lobby, sent.id, ann, "once"}));
  auto const twice = await(store->change({lobby, sent.id, ann, "twice"}));
  ASSERT_TRUE(once.message && twice.message);
  EXPECT_GT(twice.message->changed_at->milliseconds(), once.message->changed_at->milliseconds());
}

TEST_P(StoreTest, ADeletedMessageKeepsItsPlaceAndNothingElse) {
  auto const sent = await(store->append(message("1", "secret")));
  auto const gone = await(store->change({lobby, sent.id, ann, std::nullopt}));
  ASSERT_TRUE(gone.message);
  EXPECT_EQ(gone.message->content, "");
  EXPECT_EQ(gone.message->deleted, true);
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{*gone.message});
  EXPECT_TRUE(await(store->search(lobby, "secret", std::nullopt, 10)).messages.empty());
  EXPECT_EQ(await(store->append(message("1", "secret"))), *gone.message);
  for (auto const& content : {std::optional<std::string>("back"), std::optional<std::string>()}) {
    auto const again = await(store->change({lobby, sent.id, ann, content}));
    EXPECT_FALSE(again.message);
    EXPECT_FALSE(again.is_anothers);
  }
  EXPECT_EQ(news.changed().size(), 1U);
}

TEST_P(StoreTest, HowFarSomebodyHasReadIsCountedKeptAndTold) {
  auto const bob = await(store->user("Bob"));
  EXPECT_TRUE(await(store->reading(bob.id)).empty());
  std::vector<MessageId> ids;
  for (auto const* const text : {"one", "two", "three"})
    ids.push_back(await(store->append(message(text, text))).id);
  // What one has said oneself, what is deleted and what is elsewhere is not unread.
  auto const own = await(store->append({lobby, bob, "own", "four"})).id;
  auto const room = await(store->create_room("Kitchen"));
  await(store->append(message("elsewhere", "five", room.id)));
  await(store->change({lobby, ids[1], ann, std::nullopt}));

  ReadState const first{lobby, ids[0], 1, own};
  EXPECT_EQ(await(store->read_up_to(bob.id, lobby, ids[0])), first);
  ReadState const all{lobby, own, 0, own};
  EXPECT_EQ(await(store->read_up_to(bob.id, lobby, own)), all);
  // Never back, and never further than there are messages.
  for (auto const message : {ids[0], own, largest_id})
    EXPECT_EQ(await(store->read_up_to(bob.id, lobby, message)), all);
  ReadState const nothing{room.id, 0, 1, own + 1};
  EXPECT_EQ(await(store->read_up_to(bob.id, room.id, 0)), nothing);
  EXPECT_EQ(await(store->reading(bob.id)), (std::vector<ReadState>{all, nothing}));
  EXPECT_TRUE(await(store->reading(ann.id)).empty());
  using Told = std::vector<std::pair<UserId, ReadState>>;
  EXPECT_EQ(news.rooms_read(), (Told{{bob.id, first}, {bob.id, all}, {bob.id, nothing}}));

  await(store->forget_room(bob.id, lobby));
  await(store->forget_room(bob.id, lobby));
  EXPECT_EQ(await(store->reading(bob.id)), std::vector<ReadState>{nothing});
  EXPECT_EQ(news.rooms_left(), (std::vector<std::pair<UserId, RoomId>>{{bob.id, lobby}}));
  reopen();
  EXPECT_EQ(await(store->reading(bob.id)), std::vector<ReadState>{nothing});
}

TEST_P(StoreTest, WhoIsMentionedIsToldOnceAndOthersAreNot) {
  auto const bob = await(store->user("Bob"));
  auto const bob_lee = await(store->user("Bob Lee"));
  auto const carl = await(store->user("Carl"));
  auto const lobby_room = await(store->room(lobby)).value();
  auto const sent = await(store->append(message("1", "@Bob Lee and @Bob, @Ann, @Nobody, x@Carl")));
  EXPECT_EQ(sent.mentions, (std::vector<User>{bob_lee, bob, ann}));
  auto told = news.notifications();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].first, bob_lee.id);
  EXPECT_EQ(told[1].first, bob.id);
  EXPECT_EQ(told[1].second.mention, (Mention{lobby_room, sent}));
  EXPECT_EQ(await(store->notifications(bob.id, false, 10)).notifications,
            std::vector<Notification>{told[1].second});
  EXPECT_EQ(await(store->notifications(ann.id, false, 10)).unread, 0);
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{sent});
  // The same message again tells nobody.
  EXPECT_EQ(await(store->append(message("1", "@Carl"))), sent);
  EXPECT_EQ(news.notifications().size(), 2U);
  // Nor a change, except who was not mentioned before.
  auto const changed = await(store->change({lobby, sent.id, ann, "@Carl and @Bob"})).message;
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->mentions, (std::vector<User>{carl, bob}));
  EXPECT_EQ(news.changed(), std::vector<Message>{*changed});
  told = news.notifications();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[2].first, carl.id);
  EXPECT_EQ(told[2].second.mention, (Mention{lobby_room, *changed}));
  // What is deleted mentions nobody, and is nowhere to be read.
  auto const gone = await(store->change({lobby, sent.id, ann, std::nullopt})).message;
  ASSERT_TRUE(gone);
  EXPECT_FALSE(gone->mentions);
  auto const page = await(store->notifications(carl.id, false, 10));
  ASSERT_EQ(page.notifications.size(), 1U);
  EXPECT_EQ(page.notifications[0].mention->message, *gone);
  EXPECT_EQ(page.unread, 1);
  EXPECT_TRUE(await(store->mark_read(carl.id, page.notifications[0].id)));
}

TEST_P(StoreTest, AnImageIsKeptWithItsMessageAndGoesWithIt) {
  std::string const bytes("\x00\xff'\\ text", 10);
  auto const with_image = [&](std::string client_id, std::string key, std::string_view content,
                              std::int64_t quota) {
    auto made = message(std::move(client_id), "a cat");
    made.image = NewImage{{std::move(key), "image/png", 3, 4}, aerie::Bytes(content), quota};
    return made;
  };
  auto const sent = await(store->append(with_image("1", "first", bytes, 10)));
  EXPECT_EQ(sent.image, (ImageInfo{"first", "image/png", 3, 4}));
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{sent});
  auto const stored = await(store->image("first"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->type, "image/png");
  EXPECT_EQ(stored->content, bytes);
  // Sent again it is the first one, though there were no room for another.
  EXPECT_EQ(await(store->append(with_image("1", "second", "x", 10))), sent);
  EXPECT_FALSE(await(store->image("second")));
  EXPECT_EQ(code_of(store->append(with_image("2", "third", "x", 10))), "IMAGE_QUOTA");
  EXPECT_EQ(code_of(store->append(message("3", "a text"))), "");
  EXPECT_EQ(news.messages().size(), 2U);
  // Its description can be changed.
  auto const changed = await(store->change({lobby, sent.id, ann, "a dog"})).message;
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->image, sent.image);
  auto const gone = await(store->change({lobby, sent.id, ann, std::nullopt})).message;
  ASSERT_TRUE(gone);
  EXPECT_FALSE(gone->image);
  EXPECT_FALSE(await(store->image("first")));
  // Which makes room.
  EXPECT_EQ(code_of(store->append(with_image("2", "third", bytes, 10))), "");
  reopen();
  EXPECT_EQ(await(store->image("third"))->content, bytes);
}

TEST_P(StoreTest, NobodyChangesWhatIsAnothersOrElsewhere) {
  auto const sent = await(store->append(message("1", "mine")));
  auto const bob = await(store->user("Bob"));
  auto const room = await(store->create_room("Kitchen"));
  struct Case {
    MessageChange change;
    bool is_anothers;
  };
  for (auto const& [change, is_anothers] :
       {Case{{lobby, sent.id, bob, "Bob's"}, true}, Case{{lobby, sent.id, bob, std::nullopt}, true},
        Case{{room.id, sent.id, ann, "elsewhere"}, false},
        Case{{lobby, sent.id + 1, ann, "nothing"}, false}}) {
    auto const outcome = await(store->change(change));
    EXPECT_FALSE(outcome.message);
    EXPECT_EQ(outcome.is_anothers, is_anothers);
  }
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{sent});
  EXPECT_TRUE(news.changed().empty());
}

TEST_P(StoreTest, FindsWhatHoldsATextAndTakesNothingForAWildcard) {
  std::vector<std::string> const said{"Green Tea",   "100% sure",        "100 is sure", "a_b",
                                      "aXb",         "back\\slash",      "한국어 차",   "\\355",
                                      "TEA and tee", "half \xED\xA0\xBD"};
  for (auto const& text : said)
    await(store->append(message(text, text)));
  struct Case {
    std::string text;
    Texts found;
  };
  for (auto const& [text, found] :
       {Case{"tea", {"Green Tea", "TEA and tee"}}, Case{"TEA", {"Green Tea", "TEA and tee"}},
        Case{"0%", {"100% sure"}}, Case{"a_b", {"a_b"}}, Case{"\\", {"back\\slash", "\\355"}},
        Case{"국어", {"한국어 차"}}, Case{"355", {"\\355"}}, Case{"%", {"100% sure"}}, Case{"'", {}},
        Case{"half", {"half \xED\xA0\xBD"}}}) {
    EXPECT_EQ(contents_of(await(store->search(lobby, text, std::nullopt, 10)).messages), found) << text;
  }
  EXPECT_TRUE(await(store->search(lobby + 1, "tea", std::nullopt, 10)).messages.empty());
}

TEST_P(StoreTest, SearchesPageByPageBackwards) {
  for (int i = 0; i < 5; ++i)
    await(store->append(message(std::to_string(i), i == 2 ? "other" : "tea " + std::to_string(i))));
  auto const newest = await(store->search(lobby, "tea", std::nullopt, 2));
  EXPECT_EQ(contents_of(newest.messages), (Texts{"tea 3", "tea 4"}));
  EXPECT_TRUE(newest.has_more);
  auto const rest = await(store->search(lobby, "tea", newest.messages.front().id, 2));
  EXPECT_EQ(contents_of(rest.messages), (Texts{"tea 0", "tea 1"}));
  EXPECT_FALSE(rest.has_more);
}

TEST_P(StoreTest, KeepsTextsAsTheyAre) {
  for (std::string const text :
       {"🙂 e\u0301", "'; DROP TABLE messages; --", "line\nline", "\xed\xa0\xbd half an emoji"}) {
    EXPECT_EQ(await(store->append(message(text, text))).content, text);
    EXPECT_EQ(await(store->history(lobby, std::nullopt, 1)).messages.at(0).content, text);
  }
  std::string const zero("a\0b", 3);
  await(store->append(message("zero", zero)));
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 1)).messages.at(0).content, zero);
}

TEST_P(StoreTest, TellsOfMessagesInTheOrderOfTheirIds) {
  for (int i = 0; i < 300; ++i)
    begin(store->append(message(std::to_string(i))));
  await(store->settled());
  auto const told = news.messages();
  ASSERT_EQ(told.size(), 300U);
  EXPECT_TRUE(
      std::is_sorted(told.begin(), told.end(), [](auto const& a, auto const& b) { return a.id < b.id; }));
}

TEST_P(StoreTest, StoresWhatNobodyWaitsForAnyMore) {
  auto const forgotten = message("1", "sent by somebody who left");
  { auto const task = store->append(forgotten); }
  await(store->settled());
  EXPECT_EQ(contents_of(news.messages()), Texts{"sent by somebody who left"});
}

TEST_P(StoreTest, StoresWhatIsQueuedBeforeItEnds) {
  for (int i = 0; i < 100; ++i)
    begin(store->append(message(std::to_string(i))));
  store.reset();
  EXPECT_EQ(news.messages().size(), 100U);
  open();
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 100)).messages.size(), 100U);
}

TEST_P(StoreTest, KeepsItsContentAndItsIdOverARestart) {
  auto const id = std::string(store->id());
  auto const sent = await(store->append(message("1")));
  reopen();
  EXPECT_EQ(store->id(), id);
  EXPECT_EQ(await(store->append(message("1"))), sent);
  EXPECT_EQ(await(store->rooms()).size(), 1U);
}

TEST_P(StoreTest, AnotherDatabaseHasAnotherId) {
  auto const id = std::string(store->id());
  replace();
  EXPECT_NE(store->id(), id);
}

/// What pages must add up to: a room's messages as they were stored.
class PagingTest : public StoreFixture, public ::testing::WithParamInterface<std::tuple<Kind, unsigned>> {
 public:
  PagingTest() : StoreFixture(std::get<0>(GetParam())) {}

  void say_something() {
    auto const room = pick(1, 3);
    auto const number = std::to_string(++said_);
    auto const stored = await(store->append(message(number, number, room)));
    expected[room].push_back(stored);
  }
  std::int64_t pick(std::int64_t lowest, std::int64_t highest) {
    return std::uniform_int_distribution<std::int64_t>(lowest, highest)(random_);
  }

  std::map<RoomId, std::vector<Message>> expected;

 private:
  std::mt19937 random_{std::get<1>(GetParam())};
  int said_ = 0;
};

TEST_P(PagingTest, PagesAddUpToTheRoomWhateverIsSaidMeanwhile) {
  await(store->create_room("second"));
  await(store->create_room("third"));
  for (auto count = pick(0, 150); count > 0; --count)
    say_something();
  auto const room = pick(1, 3);
  auto const all = expected[room];

  std::vector<Message> collected;
  std::optional<MessageId> before;
  for (bool has_more = true; has_more;) {
    auto const limit = static_cast<std::size_t>(pick(1, 40));
    auto page = await(store->history(room, before, limit));
    has_more = page.has_more;
    EXPECT_LE(page.messages.size(), limit);
    EXPECT_EQ(has_more, collected.size() + page.messages.size() < all.size());
    collected.insert(collected.begin(), page.messages.begin(), page.messages.end());
    if (!collected.empty()) before = collected.front().id;
    say_something();
  }
  // What was said after the first page is not in it.
  EXPECT_EQ(collected, all);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PagingTest,
                         ::testing::Combine(::testing::Values(Kind::sqlite), ::testing::Range(0U, 30U)));
INSTANTIATE_TEST_SUITE_P(PostgresSeeds, PagingTest,
                         ::testing::Combine(::testing::Values(Kind::postgres), ::testing::Range(0U, 5U)));

using SqliteStoreTest = StoreFixture;

/// While it lives, another process writes to the database.
class ForeignLock {
 public:
  explicit ForeignLock(std::filesystem::path const& file)
      : connection_(file, sqlite::Access::read_write, 1s), transaction_(connection_) {}

 private:
  sqlite::Connection connection_;
  sqlite::Transaction transaction_;
};

TEST_F(SqliteStoreTest, ALockedDatabaseFailsWritesAndServesReads) {
  auto const before = await(store->append(message("1")));
  {
    ForeignLock const lock(database());
    EXPECT_EQ(code_of(store->append(message("2"))), "STORE_FAILED");
    EXPECT_EQ(code_of(store->create_room("Kitchen")), "STORE_FAILED");
    EXPECT_EQ(await(store->history(lobby, std::nullopt, 10)).messages, std::vector<Message>{before});
  }
  EXPECT_EQ(await(store->append(message("2", "at last"))).content, "at last");
  EXPECT_EQ(news.messages().size(), 2U);
}

TEST_F(SqliteStoreTest, AFailureIsLoggedOnceAndItsEndToo) {
  auto const first = message("1");
  {
    ForeignLock const lock(database());
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(code_of(store->append(first)), "STORE_FAILED");
  }
  await(store->append(first));
  EXPECT_EQ(log,
            (Texts{"cannot write: database is locked; clients are told STORE_FAILED until it works again",
                   "writing works again"}));
}

/// While it lives, no file of this process may grow, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t largest_file) {
    before_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit const full{largest_file, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    ::signal(SIGXFSZ, before_);
  }
  FullDisk(FullDisk const&) = delete;
  FullDisk& operator=(FullDisk const&) = delete;

 private:
  rlimit limit_{};
  sighandler_t before_ = nullptr;
};

TEST_F(SqliteStoreTest, AFullDiskFailsWritesAndLosesNothing) {
  std::vector<Message> stored{await(store->append(message("0")))};
  auto const long_text = std::string(2000, 'x');
  std::vector<std::string> refused;
  {
    FullDisk const full(std::filesystem::file_size(directory.file("chat.db-wal")) + 20'000);
    for (int i = 1; i <= 20; ++i) {
      auto const id = std::to_string(i);
      try {
        stored.push_back(await(store->append(message(id, long_text))));
      } catch (ChatError const& error) {
        EXPECT_EQ(to_string(error.code()), "STORE_FAILED");
        refused.push_back(id);
      }
    }
    EXPECT_EQ(await(store->history(lobby, std::nullopt, 100)).messages, stored);
  }
  EXPECT_FALSE(refused.empty());
  for (auto const& id : refused)
    stored.push_back(await(store->append(message(id, long_text))));
  reopen();
  EXPECT_EQ(await(store->history(lobby, std::nullopt, 100)).messages, stored);
}

TEST_P(StoreTest, AWriteThatCannotBeDoesNotFailItsNeighbours) {
  std::vector<std::shared_ptr<aerie::core::Outcome<Message>>> answers;
  for (int i = 0; i < 20; ++i) {
    auto const room = i % 5 == 0 ? RoomId{77} : lobby;  // There is no room 77.
    answers.push_back(begin(store->append(message(std::to_string(i), std::to_string(i), room))));
  }
  await(store->settled());
  run_until([&] { return answers.back()->has_value(); });
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(answers[i]->has_value(), i % 5 != 0) << i;
}

}}  // namespace chat::test
