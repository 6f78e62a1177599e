#include "cluster/script_connection.hpp"

#include <aerie/cluster/redis_throttle_store.hpp>
#include <aerie/core/completion.hpp>
#include <aerie/core/runtime.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

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

class RedisThrottleStore::Connection : public ScriptConnection {
 public:
  using ScriptConnection::ScriptConnection;
};

RedisThrottleStore::RedisThrottleStore(Runtime& runtime, RedisThrottleOptions options)
    : anchor_(runtime.shard(0)), home_(anchor_.ref()), prefix_(std::move(options.key_prefix)) {
  connection_ = std::make_unique<Connection>(
      runtime.shard(0), script_client(std::move(options.client), std::move(options.url), runtime.log(),
                                      "the store of throttles"));
  home_.post([this] { connection_->open(); });
}

RedisThrottleStore::~RedisThrottleStore() = default;

Task<std::optional<core::Milliseconds>> RedisThrottleStore::count(std::string key, ThrottleLimit limit) {
  core::Completion<redis::Answer> answered;
  std::vector<std::string> words{prefix_ + key, std::to_string(limit.limit),
                                 std::to_string(limit.window.count()), std::to_string(limit.block.count())};
  home_.run([this, words = std::move(words), give = answered.completer()]() mutable {
    connection_->run(count_script, words, std::move(give));
  });
  auto const answer = co_await answered;
  if (!answer) {
    throw std::runtime_error(
        core::concat("aerie: the store of throttles in Redis does not answer: ", answer.why()));
  }
  auto const wait = answer.reply.integer();
  std::optional<core::Milliseconds> refused;
  if (wait > 0) refused = core::Milliseconds{wait};
  co_return refused;
}

}}}  // namespace aerie::v1::cluster
