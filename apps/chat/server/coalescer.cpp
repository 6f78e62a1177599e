#include "coalescer.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <chrono>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

constexpr auto moment = 20ms;

}  // namespace

void Coalescer::do_soon(std::string key, std::function<void()> action) {
  {
    std::scoped_lock const lock(mutex_);
    auto const was_empty = actions_.empty();
    actions_.insert_or_assign(std::move(key), std::move(action));
    if (!was_empty) return;
  }
  aerie::spawn(runtime_, do_all());
}

aerie::Task<void> Coalescer::do_all() {
  co_await aerie::sleep_for(moment);
  std::map<std::string, std::function<void()>> due;
  {
    std::scoped_lock const lock(mutex_);
    due.swap(actions_);
  }
  for (auto const& [key, action] : due)
    action();
}

}  // namespace chat
