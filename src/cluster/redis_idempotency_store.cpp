#include "cluster/script_connection.hpp"

#include <aerie/cluster/redis_idempotency_store.hpp>
#include <aerie/core/completion.hpp>
#include <aerie/core/runtime.hpp>

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// Each does its work in one step, as nobody comes between the lines of a script. KEYS[1] is the key, ARGV[1]
// the owner, ARGV[2] a time in milliseconds, ARGV[3] the answer.
constexpr std::string_view claim_script =
    "local held = redis.call('get', KEYS[1]) "
    "if held and held ~= 'c' .. ARGV[1] then return held end "
    "redis.call('set', KEYS[1], 'c' .. ARGV[1], 'px', ARGV[2]) "
    "return false";
constexpr std::string_view keep_script =
    "local held = redis.call('get', KEYS[1]) "
    "if held and held ~= 'c' .. ARGV[1] then return 0 end "
    "redis.call('set', KEYS[1], 'a' .. ARGV[3], 'px', ARGV[2]) "
    "return 1";
constexpr std::string_view release_script =
    "if redis.call('get', KEYS[1]) == 'c' .. ARGV[1] then redis.call('del', KEYS[1]) end "
    "return 1";

redis::Answer checked(redis::Answer answer) {
  if (answer) return answer;
  throw std::runtime_error(
      core::concat("aerie: the idempotency store in Redis does not answer: ", answer.why()));
}

}  // namespace

class RedisIdempotencyStore::Connection : public ScriptConnection {
 public:
  using ScriptConnection::ScriptConnection;
};

RedisIdempotencyStore::RedisIdempotencyStore(Runtime& runtime, RedisIdempotencyOptions options)
    : anchor_(runtime.shard(0)), home_(anchor_.ref()), prefix_(std::move(options.key_prefix)) {
  connection_ = std::make_unique<Connection>(
      runtime.shard(0), script_client(std::move(options.client), std::move(options.url), runtime.log(),
                                      "the idempotency store"));
  home_.post([this] { connection_->open(); });
}

RedisIdempotencyStore::~RedisIdempotencyStore() = default;

Task<IdempotencyStore::Claim> RedisIdempotencyStore::claim(std::string key, std::string owner,
                                                           core::Milliseconds lease) {
  core::Completion<redis::Answer> answered;
  std::vector<std::string> words{prefix_ + key, std::move(owner), std::to_string(lease.count())};
  home_.run([this, words = std::move(words), give = answered.completer()]() mutable {
    connection_->run(claim_script, words, std::move(give));
  });
  auto const answer = checked(co_await answered);
  if (answer.reply.is_nil()) co_return Claim();
  auto const held = answer.reply.text();
  Claim found{Found::claim};
  if (held.starts_with('a')) found = {Found::an_answer, std::string(held.substr(1))};
  co_return std::move(found);
}

Task<bool> RedisIdempotencyStore::keep(std::string key, std::string owner, std::string answer,
                                       core::Milliseconds time) {
  core::Completion<redis::Answer> answered;
  std::vector<std::string> words{prefix_ + key, std::move(owner), std::to_string(time.count()),
                                 std::move(answer)};
  home_.run([this, words = std::move(words), give = answered.completer()]() mutable {
    connection_->run(keep_script, words, std::move(give));
  });
  auto const done = checked(co_await answered);
  co_return done.reply.integer() == 1;
}

void RedisIdempotencyStore::release(std::string key, std::string owner) noexcept {
  std::vector<std::string> words{prefix_ + key, std::move(owner)};
  home_.run([this, words = std::move(words)] { connection_->run(release_script, words, {}); });
}

}}}  // namespace aerie::v1::cluster
