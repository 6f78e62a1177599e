#include "store/group_commit.hpp"

#include "errors.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace chat::test { namespace {

/// Writes nothing; ends as the test says.
class ScriptedTransactions final : public Transactions {
 public:
  struct NoTables final : WriteTables {
    void user(std::string const&, aerie::Date, User&) override {}
    void create_room(std::string const&, aerie::Date, std::optional<Room>&) override {}
    void append(NewMessage const&, aerie::Date, Appended&) override {}
    void change(MessageChange const&, aerie::Date, ChangedMessage&) override {}
    void create_event(NewEvent const&, aerie::Date, StoredEvent&) override {}
    void mark_read(UserId, NotificationId, Marked&) override {}
    void read_up_to(UserId, RoomId, MessageId, RoomMark&) override {}
    void forget_room(UserId, RoomId, bool&) override {}
  };
  using Fault = std::optional<WriteFault>;

  explicit ScriptedTransactions(std::deque<Fault> faults, std::deque<std::optional<bool>> fates = {})
      : faults_(std::move(faults)), fates_(std::move(fates)) {}

  void run(Statements const& statements) override {
    NoTables tables;
    statements(tables);
    auto const fault = next(faults_);
    if (fault) throw WriteError(*fault, "as the test says");
  }
  std::optional<bool> was_committed() override { return next(fates_); }

 private:
  template <class T>
  static T next(std::deque<T>& script) {
    if (script.empty()) return {};
    auto const first = script.front();
    script.pop_front();
    return first;
  }

  std::deque<Fault> faults_;
  std::deque<std::optional<bool>> fates_;
};

/// What happened, in order.
class Journal {
 public:
  void note(std::string entry) {
    std::scoped_lock const lock(mutex_);
    entries_.push_back(std::move(entry));
    changed_.notify_all();
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return entries_.size() >= count; });
    return entries_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> entries_;
};

class NamedWrite final : public Write {
 public:
  NamedWrite(std::string name, Journal& journal) : name_(std::move(name)), journal_(journal) {}
  void apply(WriteTables&) override {}
  void committed() override { journal_.note(name_ + " committed"); }
  void failed(std::exception_ptr error) override {
    try {
      std::rethrow_exception(error);
    } catch (ChatError const& known) {
      journal_.note(name_ + " " + std::string(to_string(known.code())));
    }
  }

 private:
  std::string name_;
  Journal& journal_;
};

class GroupCommitTest : public ::testing::Test {
 public:
  using Faults = std::deque<ScriptedTransactions::Fault>;
  using Fates = std::deque<std::optional<bool>>;
  using Entries = std::vector<std::string>;

  void begin(Faults faults, Fates fates = {}) {
    commit.emplace(std::make_unique<ScriptedTransactions>(std::move(faults), std::move(fates)), log);
  }
  void write(std::string name) { commit->submit(std::make_unique<NamedWrite>(std::move(name), journal)); }

  Journal journal;
  aerie::Logger log{aerie::LogLevel::off, [](aerie::LogRecord const&) {}};
  std::optional<GroupCommit> commit;
};

TEST_F(GroupCommitTest, WhatCannotBeStoredFailsAndTheNextIsTried) {
  begin({WriteFault::unable, std::nullopt});
  write("first");
  journal.wait_for(1);
  write("second");
  EXPECT_EQ(journal.wait_for(2), (Entries{"first STORE_FAILED", "second committed"}));
}

TEST_F(GroupCommitTest, ACommitThatHappenedAfterAllIsToldBeforeWhatFollows) {
  begin({WriteFault::in_doubt, std::nullopt}, {true});
  write("first");
  journal.wait_for(1);
  write("second");
  EXPECT_EQ(journal.wait_for(3), (Entries{"first STORE_FAILED", "first committed", "second committed"}));
}

TEST_F(GroupCommitTest, ACommitThatNeverHappenedIsNotTold) {
  begin({WriteFault::in_doubt, std::nullopt}, {false});
  write("first");
  journal.wait_for(1);
  write("second");
  EXPECT_EQ(journal.wait_for(2), (Entries{"first STORE_FAILED", "second committed"}));
}

TEST_F(GroupCommitTest, NothingIsWrittenWhileTheFateOfSomethingIsUnknown) {
  begin({WriteFault::in_doubt, std::nullopt}, {std::nullopt, std::nullopt, std::nullopt, true});
  write("first");
  journal.wait_for(1);
  write("second");
  auto const entries = journal.wait_for(3);
  EXPECT_EQ(entries[0], "first STORE_FAILED");
  EXPECT_EQ(entries[1], "second STORE_FAILED");
  EXPECT_EQ(entries[2], "first committed");
}

TEST_F(GroupCommitTest, WhatWasSubmittedIsWrittenBeforeItEnds) {
  begin({});
  for (int i = 0; i < 50; ++i)
    write("one");
  commit.reset();
  EXPECT_EQ(journal.wait_for(50).size(), 50U);
}

}}  // namespace chat::test
