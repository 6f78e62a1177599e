#include "cluster/redis_scripts.hpp"

#include <aerie/cluster/redis_idempotency_store.hpp>

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

}  // namespace

RedisIdempotencyStore::RedisIdempotencyStore(Runtime& runtime, RedisIdempotencyOptions options)
    : scripts_(std::make_unique<RedisScripts>(runtime, std::move(options.client), std::move(options.url),
                                              "the idempotency store")),
      prefix_(std::move(options.key_prefix)) {}

RedisIdempotencyStore::~RedisIdempotencyStore() = default;

Task<IdempotencyStore::Claim> RedisIdempotencyStore::claim(std::string key, std::string owner,
                                                           core::Milliseconds lease) {
  std::vector<std::string> words{prefix_ + key, std::move(owner), std::to_string(lease.count())};
  auto const answer = co_await scripts_->ask(claim_script, std::move(words));
  if (answer.reply.is_nil()) co_return Claim();
  auto const held = answer.reply.text();
  Claim found{Found::claim};
  if (held.starts_with('a')) found = {Found::an_answer, std::string(held.substr(1))};
  co_return std::move(found);
}

Task<bool> RedisIdempotencyStore::keep(std::string key, std::string owner, std::string answer,
                                       core::Milliseconds time) {
  std::vector<std::string> words{prefix_ + key, std::move(owner), std::to_string(time.count()),
                                 std::move(answer)};
  auto const done = co_await scripts_->ask(keep_script, std::move(words));
  co_return done.reply.integer() == 1;
}

void RedisIdempotencyStore::release(std::string key, std::string owner) noexcept {
  std::vector<std::string> words{prefix_ + key, std::move(owner)};
  scripts_->tell(release_script, std::move(words));
}

}}}  // namespace aerie::v1::cluster
