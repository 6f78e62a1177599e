#include "store/group_commit.hpp"

#include "errors.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace chat {

namespace {

using aerie::core::concat;
using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 20'000;
/// Bounds how long the first of a batch waits for the last.
constexpr std::size_t most_in_batch = 1'000;
/// How often the fate of a batch in doubt is asked for, and whether a database that was away is back.
constexpr auto asking_interval = 500ms;

std::exception_ptr store_failed() {
  return std::make_exception_ptr(
      ChatError(ErrorCode::store_failed, "The server cannot store anything at the moment; try again later."));
}

// Each gets an exception of its own: they are thrown on different threads.
template <class Batch>
void fail_all(Batch const& batch) {
  for (auto const& write : batch)
    write->failed(store_failed());
}

}  // namespace

GroupCommit::GroupCommit(std::unique_ptr<Transactions> transactions, aerie::Logger const& log)
    : transactions_(std::move(transactions)), log_(log), thread_([this] { work(); }) {}

GroupCommit::~GroupCommit() {
  {
    std::scoped_lock const lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void GroupCommit::submit(std::unique_ptr<Write> write) {
  if (!enqueue(write)) return write->failed(store_failed());
  changed_.notify_one();
}

bool GroupCommit::enqueue(std::unique_ptr<Write>& write) {
  std::scoped_lock const lock(mutex_);
  if (waiting_.size() >= most_waiting) return false;
  waiting_.push_back(std::move(write));
  return true;
}

void GroupCommit::work() {
  while (auto batch = next_batch()) {
    // What comes after must not be told before.
    if (!settle_doubt()) {
      fail_all(*batch);
    } else if (!batch->empty()) {
      commit(*batch);
    } else if (!trouble().empty() && transactions_->is_back()) {
      note_success();
    }
  }
}

std::string GroupCommit::trouble() const {
  std::scoped_lock const lock(mutex_);
  return trouble_;
}

std::optional<GroupCommit::Batch> GroupCommit::next_batch() {
  std::unique_lock lock(mutex_);
  auto const is_due = [this] { return closing_ || !waiting_.empty(); };
  if (in_doubt_.empty() && trouble_.empty()) {
    changed_.wait(lock, is_due);
  } else {
    changed_.wait_for(lock, asking_interval, is_due);
  }
  if (closing_ && waiting_.empty()) return std::nullopt;
  auto const end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), most_in_batch));
  Batch batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return batch;
}

void GroupCommit::commit(Batch& batch) {
  try {
    transactions_->run([&batch](WriteTables& tables) {
      for (auto const& write : batch)
        write->apply(tables);
    });
  } catch (WriteError const& error) {
    if (error.fault() == WriteFault::values && batch.size() > 1) return commit_each(batch);
    note_failure(error.what());
    fail_all(batch);
    if (error.fault() == WriteFault::in_doubt) in_doubt_ = std::move(batch);
    return;
  }
  note_success();
  for (auto const& write : batch)
    write->committed();
}

void GroupCommit::commit_each(Batch& batch) {
  for (auto& write : batch) {
    Batch alone;
    alone.push_back(std::move(write));
    if (settle_doubt()) {
      commit(alone);
    } else {
      fail_all(alone);
    }
  }
}

bool GroupCommit::settle_doubt() {
  if (in_doubt_.empty()) return true;
  auto const was_committed = transactions_->was_committed();
  if (!was_committed) return false;
  auto const settled = std::exchange(in_doubt_, {});
  if (*was_committed) {
    for (auto const& write : settled)
      write->committed();
  }
  return true;
}

void GroupCommit::note_success() {
  {
    std::scoped_lock const lock(mutex_);
    if (trouble_.empty()) return;
    trouble_.clear();
  }
  log_.info("store", "writing works again");
}

void GroupCommit::note_failure(std::string const& reason) {
  {
    // A full disk fails thousands of times; an operator needs to read it once.
    std::scoped_lock const lock(mutex_);
    if (!trouble_.empty()) return;
    trouble_ = concat("cannot write: ", reason);
  }
  log_.error("store",
             concat("cannot write: ", reason, "; clients are told STORE_FAILED until it works again"));
}

}  // namespace chat
