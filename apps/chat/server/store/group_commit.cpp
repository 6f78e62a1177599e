#include "store/group_commit.hpp"

#include "errors.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chat {

namespace {

using aerie::core::concat;

constexpr std::size_t most_waiting = 20'000;
/// Bounds how long the first of a batch waits for the last.
constexpr std::size_t most_in_batch = 1'000;

std::exception_ptr store_failed() {
  return std::make_exception_ptr(
      ChatError(ErrorCode::store_failed, "The server cannot store anything at the moment; try again later."));
}

}  // namespace

GroupCommit::GroupCommit(sqlite::Connection connection, aerie::Logger const& log)
    : connection_(std::move(connection)), tables_(connection_), log_(log) {}

void GroupCommit::submit(std::unique_ptr<Write> write) {
  if (!enqueue(write)) write->failed(store_failed());
}

bool GroupCommit::enqueue(std::unique_ptr<Write>& write) {
  std::scoped_lock const lock(mutex_);
  if (waiting_.size() >= most_waiting) return false;
  waiting_.push_back(std::move(write));
  if (!std::exchange(working_, true)) thread_.submit([this] { work(); });
  return true;
}

void GroupCommit::work() {
  for (auto batch = next_batch(); !batch.empty(); batch = next_batch())
    commit(batch);
}

GroupCommit::Batch GroupCommit::next_batch() {
  std::scoped_lock const lock(mutex_);
  auto const end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), most_in_batch));
  Batch batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  working_ = !batch.empty();
  return batch;
}

void GroupCommit::commit(Batch& batch) {
  bool is_stored = false;
  try {
    sqlite::Transaction transaction(connection_);
    for (auto const& write : batch)
      write->apply(tables_);
    transaction.commit();
    is_stored = true;
    note_success();
  } catch (sqlite::Error const& reason) {
    if (reason.is_about_values() && batch.size() > 1) return commit_each(batch);
    note_failure(reason.what());
  }
  // Each gets an exception of its own: they are thrown on different threads.
  for (auto const& write : batch)
    is_stored ? write->committed() : write->failed(store_failed());
}

void GroupCommit::commit_each(Batch& batch) {
  for (auto& write : batch) {
    Batch alone;
    alone.push_back(std::move(write));
    commit(alone);
  }
}

void GroupCommit::note_success() {
  if (std::exchange(failing_, false)) log_.info("store", "writing works again");
}

void GroupCommit::note_failure(std::string const& reason) {
  // A full disk fails thousands of times; an operator needs to read it once.
  if (std::exchange(failing_, true)) return;
  log_.error("store",
             concat("cannot write: ", reason, "; clients are told STORE_FAILED until it works again"));
}

}  // namespace chat
