#pragma once

/// \file
/// Something to be done after a while.

#include <aerie/core/function.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <utility>

namespace conformance {

inline aerie::Task<> wait_and_do(aerie::core::Milliseconds delay, aerie::UniqueFunction<void()> action) {
  co_await aerie::sleep_for(delay);
  action();
}

/// Calls `action` on the calling shard after `delay`.
inline void later(aerie::core::Milliseconds delay, aerie::UniqueFunction<void()> action) {
  aerie::spawn(*aerie::core::Shard::current(), wait_and_do(delay, std::move(action)));
}

}  // namespace conformance
