#pragma once

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/task.hpp>

#include <cstddef>

namespace aerie { inline namespace v1 { namespace core {

class Shard;

/// Calls `each` with 0, 1, ... below `count`, evenly within `spread`: the first at once, and none after that
/// time. In a task of `shard`; it ends with the last call.
AERIE_API Task<void> evenly(Shard& shard, std::size_t count, Milliseconds spread,
                            UniqueFunction<void(std::size_t)> each);

}}}  // namespace aerie::v1::core
