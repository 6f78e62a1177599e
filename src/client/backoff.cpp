#include "client/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace aerie { inline namespace v1 { namespace client {

namespace {

// Far beyond any delay, and well within what a double holds.
constexpr std::uint32_t most_doublings = 60;

}  // namespace

core::Milliseconds Backoff::next(double random) noexcept {
  auto delay = static_cast<double>(first_.count()) * std::pow(2.0, std::min(attempts_++, most_doublings));
  auto const most = static_cast<double>(most_.count());
  if (jitter_ > 0) {
    auto const deviation = std::floor(random * jitter_ * delay);
    auto const is_less = static_cast<int>(std::floor(random * 10)) % 2 == 0;
    delay += is_less ? -deviation : deviation;
  }
  return core::Milliseconds{static_cast<core::Milliseconds::rep>(std::min(delay, most))};
}

}}}  // namespace aerie::v1::client
