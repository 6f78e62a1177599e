#include "http/connection_machine.hpp"

#include <gtest/gtest.h>

namespace aerie::http {

// Outside of the unnamed namespace: gtest looks for it.
void PrintTo(ConnectionMachine::Action action, std::ostream* out) {
  constexpr std::array names{"wait", "request", "body", "body_too_large", "refuse", "finish", "abort"};
  *out << names[static_cast<std::size_t>(action)];
}

namespace {

using namespace std::chrono_literals;
using Action = ConnectionMachine::Action;
using Output = ConnectionMachine::Output;

constexpr std::string_view simple_get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

/// A machine, what has arrived for it, and the time.
class MachineTest : public testing::Test {
 protected:
  Action feed(std::string_view bytes, Output output = {}) {
    pending.append(bytes);
    std::string_view input = pending;
    fresh.reset();
    auto const action = machine.next(input, fresh, output, now);
    pending.erase(0, pending.size() - input.size());
    if (action == Action::request) head = machine.take_head();
    return action;
  }
  Action end() {
    machine.input_ended();
    return feed("");
  }
  void answer(std::size_t bytes = 0, std::size_t unsent = 0) {
    auto const last = machine.answer_is_last(head, !pending.empty());
    if (bytes > 0) machine.wrote(bytes, unsent, now);
    machine.answered(last, now);
  }
  core::Milliseconds time_left(Output output = {}) const {
    return std::chrono::duration_cast<core::Milliseconds>(machine.due(output) - now);
  }

  ServerOptions options;
  core::Account account;
  core::TimePoint now{1h};
  ConnectionMachine machine{options, now};
  HeadParser fresh{HeadLimits{}};
  std::string pending;
  RequestHead head;
};

TEST_F(MachineTest, FindsTheSameRequestHoweverItIsCut) {
  for (std::size_t cut = 0; cut < simple_get.size(); ++cut) {
    ConnectionMachine one(options, now);
    machine = std::move(one);
    pending.clear();
    EXPECT_EQ(feed(simple_get.substr(0, cut)), Action::wait) << cut;
    ASSERT_EQ(feed(simple_get.substr(cut)), Action::request) << cut;
    EXPECT_EQ(head.target(), "/a");
    EXPECT_TRUE(pending.empty());
  }
}

TEST_F(MachineTest, LeavesTheNextRequestWhereItIsUntilTheFirstIsAnswered) {
  auto const both = std::string(simple_get) + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(feed(both), Action::request);
  EXPECT_EQ(feed(""), Action::wait);
  EXPECT_FALSE(machine.takes_input({}));
  answer();
  EXPECT_TRUE(machine.takes_input({}));
  EXPECT_EQ(feed(""), Action::request);
  EXPECT_EQ(head.target(), "/b");
}

TEST_F(MachineTest, BeginsNoRequestWhileMuchOfTheLastAnswerWaits) {
  feed(simple_get);
  answer(2'000'000);
  Output const slow{300'000, false};
  EXPECT_EQ(feed(simple_get, slow), Action::wait);
  EXPECT_FALSE(machine.takes_input(slow));
  EXPECT_EQ(feed("", {200'000, false}), Action::request)
      << "an answer of any size may wait behind a part of another";
}

TEST_F(MachineTest, CollectsABodyThatWasAskedFor) {
  EXPECT_EQ(feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"), Action::request);
  EXPECT_EQ(machine.content_length(), 5U);
  EXPECT_TRUE(machine.want_body(5, account, now));
  EXPECT_EQ(feed(""), Action::wait);
  EXPECT_EQ(feed("loGET"), Action::body);
  EXPECT_EQ(machine.take_body(), "hello");
  EXPECT_EQ(pending, "GET");
}

TEST_F(MachineTest, ChargesABodyWhileItIsCollected) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  machine.want_body(100'000, account, now);
  EXPECT_EQ(account.used(), 0U) << "what is only announced costs nothing";
  feed(std::string(50'000, 'x'));
  EXPECT_GE(account.used(), 50'000U);
  feed(std::string(50'000, 'x'));
  machine.take_body();
  EXPECT_EQ(account.used(), 0U);
}

TEST_F(MachineTest, HandsOnABodyThatHasComeWithItsHead) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello!");
  std::string_view input = pending;
  EXPECT_EQ(machine.whole_body(input), "hello");
  EXPECT_EQ(input, "!");
}

TEST_F(MachineTest, RefusesABodyThatIsLargerThanAllowed) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
  EXPECT_FALSE(machine.want_body(5, account, now));
  machine = ConnectionMachine(options, now);
  pending.clear();
  feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\n\r\n");
  EXPECT_TRUE(machine.want_body(5, account, now));
  EXPECT_EQ(feed(""), Action::body_too_large);
}

TEST_F(MachineTest, SkipsASmallBodyThatNobodyHasRead) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_FALSE(machine.answer_is_last(head, true));
  answer();
  EXPECT_EQ(feed(std::string("llo").append(simple_get)), Action::request);
}

TEST_F(MachineTest, EndsBehindALargeBodyThatNobodyHasRead) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  EXPECT_TRUE(machine.answer_is_last(head, false));
  answer();
  EXPECT_TRUE(machine.is_ending());
}

TEST_F(MachineTest, RefusesWhatIsNoRequest) {
  EXPECT_EQ(feed("GET / HTTP/1.1\nHost: a\n\n"), Action::refuse);
  EXPECT_EQ(machine.refused_status(), 400);
  EXPECT_NE(machine.refused_because(), "");
}

// --- The peer's end

TEST_F(MachineTest, AnswersWhatHasArrivedBeforeThePeerEndedItsDirection) {
  feed(std::string(simple_get).append(simple_get));
  EXPECT_EQ(end(), Action::wait);
  EXPECT_FALSE(machine.answer_is_last(head, true)) << "another request has arrived";
  answer();
  EXPECT_EQ(feed(""), Action::request);
  EXPECT_TRUE(machine.answer_is_last(head, false));
  answer();
  EXPECT_TRUE(machine.is_ending());
}

TEST_F(MachineTest, EndsWithThePeerWhereverNoAnswerIsOwed) {
  struct Case {
    std::string input;
    Action expected;
  };
  for (auto const& [input, expected] :
       std::vector<Case>{{"", Action::finish},
                         {"GET / HT", Action::finish},
                         {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", Action::abort}}) {
    machine = ConnectionMachine(options, now);
    pending.clear();
    if (feed(input) == Action::request) machine.want_body(5, account, now);
    EXPECT_EQ(end(), expected) << input;
  }
}

TEST_F(MachineTest, EndsWithThePeerAmidABodyThatIsSkipped) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  answer();
  EXPECT_EQ(feed("hel"), Action::wait);
  EXPECT_EQ(end(), Action::finish);
}

// --- Time

TEST_F(MachineTest, KeepsAliveFromTheMomentWhenTheAnswerIsTaken) {
  feed(simple_get);
  answer(1'000'000);
  std::size_t unsent = 1'000'000;
  // 100 seconds of a steady reader, who gets far beyond both timeouts.
  while (unsent > 0) {
    now += 10s;
    unsent -= 100'000;
    if (unsent > 0) {
      EXPECT_EQ(machine.overdue({unsent, false}, now), Action::wait) << unsent;
    }
  }
  machine.output_drained(now);
  EXPECT_EQ(time_left(), options.keep_alive_timeout);
  now += options.keep_alive_timeout;
  EXPECT_EQ(machine.overdue({}, now), Action::abort);
}

TEST_F(MachineTest, GivesUpAPeerThatTakesNothing) {
  feed(simple_get);
  answer(1'000'000);
  Output const output{1'000'000, false};
  EXPECT_EQ(time_left(output), options.write_stall_timeout);
  now += options.write_stall_timeout - 1ms;
  EXPECT_EQ(machine.overdue(output, now), Action::wait);
  now += 1ms;
  EXPECT_EQ(machine.overdue(output, now), Action::abort);
}

TEST_F(MachineTest, GivesUpAPeerThatTakesLessThanTheLowestRate) {
  feed(simple_get);
  answer(1'000'000);
  std::size_t unsent = 1'000'000;
  auto action = Action::wait;
  for (int i = 0; i < 10 && action == Action::wait; ++i) {
    now += options.write_stall_timeout - 1s;
    action = machine.overdue({--unsent, false}, now);
  }
  EXPECT_EQ(action, Action::abort) << "a byte now and then holds a megabyte for ever";
}

TEST_F(MachineTest, NeverGivesUpAPeerThatTakesTheLowestRate) {
  feed(simple_get);
  answer(1'000'000);
  std::size_t unsent = 1'000'000;
  for (int i = 0; i < 1000; ++i) {
    now += 10s;
    unsent -= options.min_write_rate * 10;
    ASSERT_EQ(machine.overdue({unsent, false}, now), Action::wait) << i;
  }
}

TEST_F(MachineTest, GivesAPeerThatHasTakenMuchFourTimeoutsAtMost) {
  feed(simple_get);
  answer(100'000'000);
  Output const output{1'000'000, false};
  now += 1s;
  EXPECT_EQ(machine.overdue(output, now), Action::wait);
  EXPECT_EQ(time_left({1'000'000, false}), options.keep_alive_timeout);
  now += 4 * options.write_stall_timeout;
  EXPECT_EQ(machine.overdue(output, now), Action::abort);
}

TEST_F(MachineTest, TellsWhatCameTooLate) {
  struct Case {
    std::string input;
    core::Milliseconds after;
    Action expected;
    int status;
  };
  for (auto const& [input, after, expected, status] : std::vector<Case>{
           {"", 10s, Action::abort, 0},
           {"GET", 10s, Action::refuse, 408},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 30s, Action::refuse, 408}}) {
    machine = ConnectionMachine(options, now);
    pending.clear();
    if (feed(input) == Action::request) machine.want_body(5, account, now);
    EXPECT_EQ(time_left(), after);
    now += after - 1ms;
    EXPECT_EQ(machine.overdue({}, now), Action::wait) << input;
    now += 1ms;
    EXPECT_EQ(machine.overdue({}, now), expected) << input;
    if (expected == Action::refuse) {
      EXPECT_EQ(machine.refused_status(), status);
    }
  }
}

TEST_F(MachineTest, WaitsForAnAnswerWithoutADeadline) {
  feed(simple_get);
  EXPECT_EQ(machine.due({}), core::TimePoint::max());
}

// --- The server's end

TEST_F(MachineTest, ClosesBetweenRequestsAtOnceAndAmidOneBehindItsAnswer) {
  EXPECT_EQ(machine.close(), Action::finish);
  machine = ConnectionMachine(options, now);
  feed(simple_get);
  EXPECT_EQ(machine.close(), Action::wait);
  EXPECT_TRUE(machine.answer_is_last(head, true));
  answer();
  EXPECT_TRUE(machine.is_ending());
  EXPECT_EQ(feed(simple_get), Action::wait);
  EXPECT_TRUE(pending.empty()) << "what comes after the end is dropped";
}

TEST_F(MachineTest, ClosesBehindABodyThatIsSkipped) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  answer();
  machine.close();
  EXPECT_EQ(feed("hello"), Action::finish);
}

TEST_F(MachineTest, GoesOnWithARequestThatHasMoved) {
  feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  ConnectionMachine other(options, now);
  other.resume(machine.carry());
  EXPECT_TRUE(other.is_answering());
  EXPECT_EQ(other.content_length(), 5U);
  EXPECT_EQ(other.due({}), core::TimePoint::max());
}

}  // namespace
}  // namespace aerie::http
