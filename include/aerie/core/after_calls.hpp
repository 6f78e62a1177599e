#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// A function that calls `done`, if there is one, when it has been called so often itself, on whichever
/// threads: within the last of these calls.
inline std::function<void()> after_calls(std::size_t calls, std::function<void()> done) {
  auto left = std::make_shared<std::atomic<std::size_t>>(calls);
  return [left = std::move(left), done = std::move(done)] {
    if (left->fetch_sub(1, std::memory_order_acq_rel) == 1 && done) done();
  };
}

}}}  // namespace aerie::v1::core
