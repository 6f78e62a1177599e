#include <aerie/socketio/listener_list.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace aerie::socketio::test { namespace {

/// A list whose listeners write their names, and do something else.
class Listeners : public testing::Test {
 protected:
  using Listener = std::function<void()> const;

  void add(std::string name, std::function<void()> action = {}) {
    list.append(ListenerId{++last}, listener(std::move(name), std::move(action)));
  }
  std::shared_ptr<Listener> listener(std::string name, std::function<void()> action = {}) {
    return std::make_shared<Listener>([this, name = std::move(name), action = std::move(action)] {
      // What it has captured must be there to its end.
      if (action) action();
      called += name;
    });
  }
  std::string call() {
    call(list.snapshot());
    return std::exchange(called, {});
  }
  static void call(ListenerList<Listener>::Snapshot const& listeners) {
    listeners.each([](Listener& each) { each(); });
  }

  ListenerList<Listener> list;
  std::string called;
  std::uint64_t last = 0;
};

TEST_F(Listeners, AreCalledInTheirOrder) {
  EXPECT_EQ(call(), "");
  add("b");
  add("c");
  list.prepend(ListenerId{9}, listener("a"));
  EXPECT_EQ(list.size(), 3U);
  EXPECT_EQ(call(), "abc");
  EXPECT_TRUE(list.remove(ListenerId{1}));
  EXPECT_FALSE(list.remove(ListenerId{1}));
  EXPECT_EQ(call(), "ac");
}

TEST_F(Listeners, WhoIsCalledIsWhoWasThereWhenTheCallBegan) {
  struct {
    char const* what;
    std::function<void()> change;
    char const* next_time;
  } const changes[] = {
      {"appends", [this] { add("new"); }, "xyznew"},
      {"prepends", [this] { list.prepend(ListenerId{++last}, listener("new")); }, "newxyz"},
      {"removes itself", [this] { list.remove(ListenerId{last - 1}); }, "xz"},
      {"removes the first", [this] { list.remove(ListenerId{last - 2}); }, "yz"},
      {"removes the next", [this] { list.remove(ListenerId{last}); }, "xy"},
      {"clears", [this] { list.clear(); }, ""},
      {"destroys the list", [this] { list = {}; }, ""},
      {"clears and adds", [this] { list.clear(), add("new"); }, "new"},
  };
  for (auto const& [what, change, next_time] : changes) {
    list.clear();
    bool done = false;
    add("x");
    add("y", [&, change = &change] {
      if (!std::exchange(done, true)) (*change)();
    });
    add("z");
    EXPECT_EQ(call(), "xyz") << what;
    EXPECT_EQ(call(), next_time) << what;
  }
}

TEST_F(Listeners, ACallWithinACallSeesWhatHasChanged) {
  std::string inner;
  add("a", [&] {
    if (last > 2) return;
    add("c");
    auto const outer = std::exchange(called, {});
    inner = call();
    called = outer;
  });
  add("b");
  EXPECT_EQ(call(), "ab");
  EXPECT_EQ(inner, "abc");
}

TEST_F(Listeners, ASnapshotKeepsThemForAsLongAsItIsKept) {
  auto const guard = std::make_shared<int>(0);
  add("a", [guard] { ++*guard; });
  auto kept = list.snapshot();
  auto moved = std::move(kept);
  list.clear();
  EXPECT_EQ(guard.use_count(), 2);
  call(moved);
  EXPECT_EQ(*guard, 1);
  moved = {};
  EXPECT_EQ(guard.use_count(), 1);
}

TEST_F(Listeners, AreChangedInPlaceWhereNobodyIsCallingThem) {
  add("a");
  auto const* const first = list.snapshot().share(0).get();
  { auto const ended = list.snapshot(); }
  add("b");
  EXPECT_EQ(list.snapshot().share(0).get(), first);
  EXPECT_EQ(list.snapshot().share(0).use_count(), 1);
  auto const running = list.snapshot();
  add("c");
  EXPECT_EQ(running.size(), 2U);
  EXPECT_EQ(list.size(), 3U);
  EXPECT_EQ(list.snapshot().share(0).use_count(), 2);
}

TEST_F(Listeners, ThatManyThreadsCallAreNotCounted) {
  add("a");
  add("b");
  {
    auto const snapshot = list.snapshot(Callers::many);
    call(snapshot);
  }
  EXPECT_EQ(std::exchange(called, {}), "ab");
  EXPECT_EQ(call(), "ab");
}

TEST_F(Listeners, AreCalledWhileEachSaysSo) {
  add("a");
  add("b");
  add("c");
  auto const until_b = [this](Listener& each) {
    each();
    return called.back() != 'b';
  };
  EXPECT_FALSE(list.snapshot().while_true(until_b));
  EXPECT_EQ(std::exchange(called, {}), "ab");
  EXPECT_TRUE(list.snapshot().while_true([](Listener&) { return true; }));
}

}}  // namespace aerie::socketio::test
