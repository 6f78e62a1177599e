#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/spawn.hpp>

namespace aerie { inline namespace v1 {

namespace {

void start_detached(core::Shard& shard, Task<void> task) {
  core::start(std::move(task), shard.tasks(), [&shard](core::Outcome<void>&& outcome) {
    if (outcome) return;
    shard.runtime().log().error("core",
                                core::concat("a spawned task has failed: ", core::describe(outcome.error())));
  });
}

}  // namespace

void spawn(core::Shard& shard, Task<void> task) {
  if (shard.in_turn()) {
    start_detached(shard, std::move(task));
    return;
  }
  shard.post([&shard, task = std::move(task)]() mutable { start_detached(shard, std::move(task)); });
}

void spawn(Runtime& runtime, Task<void> task) {
  spawn(runtime.shard(0), std::move(task));
}

}}  // namespace aerie::v1
