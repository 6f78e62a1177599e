#pragma once

/// \file
/// Where it is counted how often somebody has done something, so that a limit holds for all servers of a
/// cluster. See aerie/gateway/throttle.hpp.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/task.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace aerie { inline namespace v1 {

/// So many within so long.
struct ThrottleLimit {
  /// At least 1.
  std::size_t limit = 1;
  /// From somebody's first one; then it begins anew. At least 1 ms.
  core::Milliseconds window = core::Milliseconds{1000};
  /// How long somebody is refused who has gone beyond; 0: until the window is over.
  core::Milliseconds block{0};
};

/// An application implements it to count in a place of its own. Any thread.
class AERIE_API ThrottleStore {
 public:
  virtual ~ThrottleStore() = default;

  /// Counts one for the key, in one step. Nothing if it is within the limit, else how long to wait, at least
  /// 1 ms. What is refused does not count. An exception means that it is not known: then it is counted by the
  /// process alone.
  virtual Task<std::optional<core::Milliseconds>> count(std::string key, ThrottleLimit limit) = 0;
};

}}  // namespace aerie::v1
