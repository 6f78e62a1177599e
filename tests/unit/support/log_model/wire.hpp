#pragma once

/// \file
/// What is between a server and the log.

#include "unit/support/log_model/log.hpp"

#include <aerie/core/anchor.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace aerie::test {

/// A connection of a server to the log: what either side says arrives later, in its order.
class LogModel::Wire {
 public:
  /// Done at the log; returns what is done at the server with the answer.
  using Command = std::function<Work()>;

  Wire(LogModel& model, std::size_t server, core::AnchorRef where)
      : model_(model), server_(server), where_(std::move(where)) {}

  void ask(Command command, Work failed) {
    waiting_.push_back(
        {model_.now_ + model_.settings_.command_timeout, std::move(command), std::move(failed)});
  }
  void tell(Work work) {
    if (model_.reaches(server_)) from_.push_back({due(from_), std::move(work), {}});
  }
  /// What is due goes on.
  void pass() {
    if (!model_.reaches(server_)) {
      for (; !waiting_.empty() && waiting_.front().due <= model_.now_; waiting_.pop_front())
        where_.post(std::move(waiting_.front().failed));
      return;
    }
    for (; !waiting_.empty(); waiting_.pop_front()) {
      auto& next = waiting_.front();
      to_.push_back({due(to_), std::move(next.command), std::move(next.failed)});
    }
    for (; !to_.empty() && to_.front().due <= model_.now_; to_.pop_front())
      from_.push_back({due(from_), to_.front().command(), std::move(to_.front().failed)});
    for (; !from_.empty() && from_.front().due <= model_.now_; from_.pop_front())
      where_.post(std::move(from_.front().answer));
  }
  void cut() {
    execute_some();
    for (auto& each : std::exchange(from_, {}))
      if (each.failed) where_.post(std::move(each.failed));
    for (auto& each : std::exchange(to_, {}))
      where_.post(std::move(each.failed));
  }
  /// Some of what was said last has arrived.
  void execute_some() {
    for (auto const& each : to_) {
      if (!model_.arrived()) return;
      each.command();
    }
  }

 private:
  struct Asked {
    Time due;
    Command command;
    Work failed;
  };
  struct Answer {
    Time due;
    Work answer;
    Work failed;
  };
  template <class Way>
  Time due(Way const& way) const {
    return std::max(way.empty() ? Time{0} : way.back().due, model_.now_ + model_.delay());
  }

  LogModel& model_;
  std::size_t server_;
  core::AnchorRef where_;
  std::deque<Asked> waiting_;
  std::deque<Asked> to_;
  std::deque<Answer> from_;
};

}  // namespace aerie::test
