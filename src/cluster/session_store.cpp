#include "cluster/session_store.hpp"

#include "cluster/session_codec.hpp"

#include <aerie/core/log.hpp>

#include <array>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// Each with the keys of the record and of its owner.

// ARGV: the owner, the record, for how long each of the two is kept, whether it may be nobody's. An owner
// without a record: an official server has taken it, which deletes what it takes.
constexpr std::string_view save_script =
    "local owner = redis.call('GET', KEYS[2]) "
    "if owner and (owner ~= ARGV[1] or redis.call('EXISTS', KEYS[1]) == 0) then return 0 end "
    "if not owner and ARGV[5] == '0' then return 2 end "
    "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) "
    "redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4]) "
    "return 1";

// ARGV: who takes it, the owner and the record that were read. Of an official server's record nobody is the
// owner.
constexpr std::string_view take_script =
    "local time = math.max(redis.call('PTTL', KEYS[1]), redis.call('PTTL', KEYS[2])) "
    "if redis.call('GET', KEYS[1]) ~= ARGV[3] or (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] or time <= 0 "
    "then return 0 end "
    "redis.call('SET', KEYS[2], ARGV[1], 'PX', time) "
    "return 1";

// ARGV: the owner, for how long it is known that the session has ended. Whoever had it before would write it
// again if it were nobody's.
constexpr std::string_view forget_script =
    "local owner = redis.call('GET', KEYS[2]) "
    "if owner and owner ~= ARGV[1] then return 0 end "
    "redis.call('DEL', KEYS[1]) "
    "redis.call('SET', KEYS[2], 'ended', 'PX', ARGV[2]) "
    "return 1";

// ARGV: the owner, for how long it is known that the session has ended. Where nobody knows of an owner that
// is known for longer than the record is, nobody else has had the session since.
constexpr std::string_view expire_script =
    "local owner = redis.call('GET', KEYS[2]) "
    "if owner and owner ~= ARGV[1] then return 0 end "
    "if redis.call('EXISTS', KEYS[1]) == 1 then return 2 end "
    "redis.call('SET', KEYS[2], 'ended', 'PX', ARGV[2]) "
    "return 1";

}  // namespace

SessionStore::Keys SessionStore::keys(std::string_view pid) const {
  auto record = core::concat(prefix_, pid);
  // What stands in braces says where a key belongs in a Redis Cluster.
  auto owner = core::concat("{", record, "}:owner");
  return {std::move(record), std::move(owner)};
}

/// A script with the keys of a session's record and of its owner as KEYS.
void SessionStore::run(std::string_view script, std::string_view pid,
                       std::initializer_list<std::string_view> args, redis::Client::OnAnswer done) {
  auto const at = keys(pid);
  std::vector<std::string_view> command{"EVAL", script, "2", at.record, at.owner};
  command.insert(command.end(), args.begin(), args.end());
  redis_.command(command, std::move(done), {.key = at.record});
}

void SessionStore::save(Record const& record, Times times, bool if_unknown, UniqueFunction<void(Kept)> done) {
  run(save_script, record.pid,
      {record.owner, encode_session(record), std::to_string(times.record.count()),
       std::to_string(times.owner.count()), if_unknown ? "1" : "0"},
      [done = std::move(done)](redis::Answer const& answer) mutable {
        if (!answer) return done(Kept::failed);
        auto const outcome = answer.reply.integer();
        done(outcome == 1 ? Kept::yes : outcome == 0 ? Kept::taken : Kept::unknown);
      });
}

void SessionStore::load(std::string_view pid, UniqueFunction<void(std::optional<Record>)> done) {
  auto const at = keys(pid);
  redis_.command(std::array<std::string_view, 3>{"MGET", at.record, at.owner},
                 [done = std::move(done)](redis::Answer const& answer) mutable {
                   if (!answer || !answer.reply[0].is_text()) return done(std::nullopt);
                   auto record = decode_session(answer.reply[0].text());
                   if (record) {
                     record->owner = answer.reply[1].text();
                     record->version = answer.reply[0].text();
                   }
                   done(std::move(record));
                 },
                 {.key = at.record});
}

void SessionStore::take(Record const& record, std::string_view taker, UniqueFunction<void(bool)> done) {
  run(take_script, record.pid, {taker, record.owner, record.version},
      [done = std::move(done)](redis::Answer const& answer) mutable {
        done(answer && answer.reply.integer() == 1);
      });
}

void SessionStore::forget(std::string_view pid, std::string_view owner, core::Milliseconds time,
                          UniqueFunction<void(bool)> done) {
  run(forget_script, pid, {owner, std::to_string(time.count())},
      [done = std::move(done)](redis::Answer const& answer) mutable { done(static_cast<bool>(answer)); });
}

void SessionStore::expire(std::string_view pid, std::string_view owner, core::Milliseconds time,
                          UniqueFunction<void(Expiry)> done) {
  run(expire_script, pid, {owner, std::to_string(time.count())},
      [done = std::move(done)](redis::Answer const& answer) mutable {
        if (!answer) return done(Expiry::failed);
        auto const outcome = answer.reply.integer();
        done(outcome == 1 ? Expiry::yes : outcome == 0 ? Expiry::elsewhere : Expiry::not_yet);
      });
}

}}}  // namespace aerie::v1::cluster
