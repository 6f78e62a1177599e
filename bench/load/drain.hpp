#pragma once

#include "load/event_loop.hpp"

namespace load {

/// Turns the loop until `done()`, for ten seconds at most: what has not come by then is lost.
template <typename Done>
void drain(EventLoop& loop, Done const& done) {
  auto const limit = after(Clock::now(), 10);
  while (!done() && Clock::now() < limit)
    loop.turn(limit);
}

}  // namespace load
