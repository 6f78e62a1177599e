#include <aerie/core/evenly.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>

#include <chrono>
#include <cstdint>

namespace aerie { inline namespace v1 { namespace core {

Task<void> evenly(Shard& shard, std::size_t count, Milliseconds spread,
                  UniqueFunction<void(std::size_t)> each) {
  auto const begun = shard.now();
  for (std::size_t i = 0; i < count; ++i) {
    // Not their product, which may be too large.
    auto const share = static_cast<double>(i) / static_cast<double>(count);
    auto const due = begun + std::chrono::duration_cast<Milliseconds>(share * spread);
    if (due > shard.now()) co_await sleep_for(std::chrono::ceil<Milliseconds>(due - shard.now()));
    each(i);
  }
}

}}}  // namespace aerie::v1::core
