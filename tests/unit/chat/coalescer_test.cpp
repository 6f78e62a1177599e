#include "coalescer.hpp"

#include "unit/core/task_fixture.hpp"

namespace chat { namespace {

using namespace std::chrono_literals;

class CoalescerTest : public aerie::test::TaskFixture {
 public:
  Coalescer soon{runtime};
  std::vector<std::string> done;
  void ask(std::string const& key, std::string const& text) {
    soon.do_soon(key, [this, text] { done.push_back(text); });
  }
};

TEST_F(CoalescerTest, DoesTheLastOfEachKeyOnceAMomentLater) {
  ask("a", "a1");
  ask("b", "b1");
  ask("a", "a2");
  run_ready();
  advance(19ms);
  EXPECT_TRUE(done.empty());
  advance(1ms);
  EXPECT_EQ(done, (std::vector<std::string>{"a2", "b1"}));
  advance(1s);
  EXPECT_EQ(done.size(), 2U);
}

TEST_F(CoalescerTest, DoesWhatIsAskedForMeanwhileInAMomentOfItsOwn) {
  soon.do_soon("a", [this] { ask("a", "again"); });
  run_ready();
  advance(20ms);
  EXPECT_TRUE(done.empty());
  advance(20ms);
  EXPECT_EQ(done, (std::vector<std::string>{"again"}));
}

TEST_F(CoalescerTest, DoesWhatIsAskedForOftenAtItsOwnTime) {
  ask("a", "a1");
  run_ready();
  advance(15ms);
  ask("a", "a2");  // nobody waits a second time for it
  run_ready();
  advance(5ms);
  EXPECT_EQ(done, (std::vector<std::string>{"a2"}));
  ask("a", "a3");
  run_ready();
  advance(15ms);
  EXPECT_EQ(done.size(), 1U);
  advance(5ms);
  EXPECT_EQ(done, (std::vector<std::string>{"a2", "a3"}));
}

}}  // namespace chat
