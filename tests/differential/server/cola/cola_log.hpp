#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace reference::cola {

/// What has happened. Thread-safe.
class ColaLog {
 public:
  void add(std::string line) {
    std::lock_guard const lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> lines() const {
    std::lock_guard const lock(mutex_);
    return lines_;
  }
  /// Forgets everything since the start.
  void reset() {
    std::lock_guard const lock(mutex_);
    lines_.resize(std::min<std::size_t>(lines_.size(), 1));
  }

 private:
  std::mutex mutable mutex_;
  std::vector<std::string> lines_;
};

}  // namespace reference::cola
