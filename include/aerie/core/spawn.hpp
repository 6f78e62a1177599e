#pragma once

/// \file
/// Tasks that nobody waits for.

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>

namespace aerie { inline namespace v1 {

class Runtime;

/// Runs `task` on `shard`: in place if this is its turn, else in its next one. An exception of the task is
/// logged. The task ends with the runtime at the latest. Thread-safe.
AERIE_API void spawn(core::Shard& shard, Task<void> task);

/// Runs `task` on the first shard. Thread-safe.
AERIE_API void spawn(Runtime& runtime, Task<void> task);

}}  // namespace aerie::v1
