#include "cluster/redis_scripts.hpp"

#include <aerie/cluster/redis_throttle_store.hpp>

#include <algorithm>
#include <cstdint>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// Counts in one step, as nobody comes between the lines of a script. KEYS[1] is the key, ARGV[1] the limit,
// ARGV[2] the window and ARGV[3] the block in milliseconds. Returns how long to wait; 0: it is within the
// limit.
constexpr std::string_view count_script =
    "local held = redis.call('get', KEYS[1]) "
    "if held == 'b' then return math.max(redis.call('pttl', KEYS[1]), 1) end "
    "if not held then redis.call('set', KEYS[1], 1, 'px', ARGV[2]) return 0 end "
    "if tonumber(held) < tonumber(ARGV[1]) then redis.call('incr', KEYS[1]) return 0 end "
    "if ARGV[3] == '0' then return math.max(redis.call('pttl', KEYS[1]), 1) end "
    "redis.call('set', KEYS[1], 'b', 'px', ARGV[3]) "
    "return tonumber(ARGV[3])";

}  // namespace

RedisThrottleStore::RedisThrottleStore(Runtime& runtime, RedisThrottleOptions options)
    : scripts_(std::make_unique<RedisScripts>(runtime, std::move(options.client), std::move(options.url),
                                              "the store of throttles")),
      prefix_(std::move(options.key_prefix)) {}

RedisThrottleStore::~RedisThrottleStore() = default;

Task<std::optional<core::Milliseconds>> RedisThrottleStore::count(std::string key, ThrottleLimit limit) {
  std::vector<std::string> words{prefix_ + key, std::to_string(limit.limit),
                                 std::to_string(limit.window.count()), std::to_string(limit.block.count())};
  auto const answer = co_await scripts_->ask(count_script, std::move(words));
  auto const wait = answer.reply.integer();
  std::optional<core::Milliseconds> refused;
  if (wait > 0) refused = core::Milliseconds{wait};
  co_return refused;
}

}}}  // namespace aerie::v1::cluster
