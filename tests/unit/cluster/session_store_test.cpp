#include "cluster/session_store.hpp"

#include "unit/cluster/real_redis_fixture.hpp"

#include <optional>

// The scripts for sessions, in a real Redis.
namespace session_store_test { namespace {

using namespace aerie::cluster_test;
using aerie::cluster::SessionStore;
using Expiry = SessionStore::Expiry;
using Kept = SessionStore::Kept;
using Record = SessionStore::Record;

class SessionStoreTest : public RealRedisFixture {
 protected:
  void SetUp() override {
    RealRedisFixture::SetUp();
    if (!IsSkipped()) store.emplace(*client, "s:");
  }
  /// What a call is answered with.
  template <class T, class Call>
  T told(Call call) {
    std::optional<T> answer;
    in_turn([&] { call([&](T given) { answer = std::move(given); }); });
    until([&] { return answer.has_value(); });
    return std::move(*answer);
  }
  Kept save(std::string const& owner, bool if_unknown) {
    return told<Kept>([&](auto done) {
      store->save({.pid = "p", .sid = "sid", .nsp = "/", .owner = owner}, {60s, 90s}, if_unknown, done);
    });
  }
  std::optional<Record> load() {
    return told<std::optional<Record>>([&](auto done) { store->load("p", done); });
  }
  bool take(Record const& record, std::string const& taker) {
    return told<bool>([&](auto done) { store->take(record, taker, done); });
  }
  bool forget(std::string const& owner) {
    return told<bool>([&](auto done) { store->forget("p", owner, 90s, done); });
  }
  Expiry expire(std::string const& owner) {
    return told<Expiry>([&](auto done) { store->expire("p", owner, 90s, done); });
  }
  /// As if its time were over.
  void record_ends() { ask({"DEL", "s:p"}); }

  std::optional<SessionStore> store;
};

TEST_F(SessionStoreTest, KeepsARecordForItsOwnerAlone) {
  EXPECT_EQ(save("one", false), Kept::unknown);
  EXPECT_EQ(save("one", true), Kept::yes);
  EXPECT_EQ(save("one", false), Kept::yes);
  EXPECT_EQ(save("two", true), Kept::taken);
  EXPECT_EQ(load()->owner, "one");
}

TEST_F(SessionStoreTest, GivesARecordToOneOfThoseWhoTakeIt) {
  save("one", true);
  auto const read = *load();
  EXPECT_TRUE(take(read, "two"));
  EXPECT_FALSE(take(read, "three")) << "it is not as it was read";
  EXPECT_EQ(save("one", true), Kept::taken);
  EXPECT_EQ(save("two", false), Kept::yes);
}

TEST_F(SessionStoreTest, ForgetsWhatHasEnded) {
  save("one", true);
  EXPECT_TRUE(forget("two"));
  EXPECT_TRUE(load()) << "it is not his";
  EXPECT_TRUE(forget("one"));
  EXPECT_FALSE(load());
  EXPECT_EQ(save("one", true), Kept::taken) << "it does not begin again";
}

TEST_F(SessionStoreTest, TellsOneServerThatASessionHasExpired) {
  save("one", true);
  EXPECT_EQ(expire("one"), Expiry::not_yet);
  EXPECT_EQ(expire("two"), Expiry::elsewhere);
  record_ends();
  EXPECT_EQ(expire("two"), Expiry::elsewhere);
  EXPECT_EQ(expire("one"), Expiry::yes);
  EXPECT_EQ(expire("one"), Expiry::elsewhere) << "it was told";
  EXPECT_EQ(save("one", true), Kept::taken);
}

TEST_F(SessionStoreTest, TellsNobodyOfASessionThatHasEndedOtherwise) {
  save("one", true);
  ASSERT_TRUE(take(*load(), "two"));
  EXPECT_EQ(expire("one"), Expiry::elsewhere);
  forget("two");
  EXPECT_EQ(expire("one"), Expiry::elsewhere);
  EXPECT_EQ(expire("two"), Expiry::elsewhere);
}

}}  // namespace session_store_test
