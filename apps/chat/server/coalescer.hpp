#pragma once

/// \file
/// News of what many do at once, told once.

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace chat {

/// Does things a moment later, and once however often they were asked for meanwhile: many who come at once,
/// after a restart, are one piece of news. All is done on the first shard: what several threads had told
/// could be overtaken on its way to another, and the older would stay. Thread-safe.
class Coalescer {
 public:
  explicit Coalescer(aerie::Runtime& runtime) : runtime_(runtime) {}

  /// Does `action` soon, unless another one with this key follows before.
  void do_soon(std::string key, std::function<void()> action);

 private:
  aerie::Task<void> do_all();

  aerie::Runtime& runtime_;
  std::mutex mutex_;
  std::map<std::string, std::function<void()>> actions_;
};

}  // namespace chat
