#include "cluster/session_store.hpp"

#include "cluster/session_codec.hpp"

#include <aerie/core/log.hpp>

#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// Each with the keys of the record and of its owner. ARGV: this server, and what else there is.

// ... the record, its time to live, whether there is none of it yet. An owner without a record: an official
// server has taken it, which deletes what it takes.
constexpr std::string_view save_script =
    "local owner = redis.call('GET', KEYS[2]) "
    "if owner and ARGV[4] == '0' and "
    "(owner ~= ARGV[1] or redis.call('EXISTS', KEYS[1]) == 0) then return 0 end "
    "redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) "
    "redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3]) "
    "return 1";

// ... the owner that was read.
constexpr std::string_view take_script =
    "local time = redis.call('PTTL', KEYS[1]) "
    "if time <= 0 or (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end "
    "redis.call('SET', KEYS[2], ARGV[1], 'PX', time) "
    "return 1";

constexpr std::string_view forget_script =
    "if redis.call('GET', KEYS[2]) == ARGV[1] then return redis.call('DEL', KEYS[1], KEYS[2]) end "
    "return 0";

}  // namespace

SessionStore::Keys SessionStore::keys(std::string_view pid) const {
  auto record = core::concat(prefix_, pid);
  // What stands in braces says where a key belongs in a Redis Cluster.
  auto owner = core::concat("{", record, "}:owner");
  return {std::move(record), std::move(owner)};
}

void SessionStore::save(Record const& record, core::Milliseconds time, bool is_new,
                        UniqueFunction<void(Kept)> done) {
  auto const at = keys(record.pid);
  auto const bytes = encode_session(record);
  auto const milliseconds = std::to_string(time.count());
  redis_.command(std::array<std::string_view, 9>{"EVAL", save_script, "2", at.record, at.owner, own_id_,
                                                 bytes, milliseconds, is_new ? "1" : "0"},
                 [done = std::move(done)](redis::Answer const& answer) mutable {
                   done(!answer ? Kept::failed : answer.reply.integer() == 1 ? Kept::yes : Kept::taken);
                 },
                 {.key = at.record});
}

void SessionStore::load(std::string_view pid, UniqueFunction<void(std::optional<Record>)> done) {
  auto const at = keys(pid);
  redis_.command(std::array<std::string_view, 3>{"MGET", at.record, at.owner},
                 [done = std::move(done)](redis::Answer const& answer) mutable {
                   if (!answer || !answer.reply[0].is_text()) return done(std::nullopt);
                   auto record = decode_session(answer.reply[0].text());
                   if (record) record->owner = answer.reply[1].text();
                   done(std::move(record));
                 },
                 {.key = at.record});
}

void SessionStore::take(Record const& record, UniqueFunction<void(bool)> done) {
  auto const at = keys(record.pid);
  redis_.command(
      std::array<std::string_view, 7>{"EVAL", take_script, "2", at.record, at.owner, own_id_, record.owner},
      [done = std::move(done)](redis::Answer const& answer) mutable {
        done(answer && answer.reply.integer() == 1);
      },
      {.key = at.record});
}

void SessionStore::forget(std::string_view pid) {
  auto const at = keys(pid);
  redis_.command(std::array<std::string_view, 6>{"EVAL", forget_script, "2", at.record, at.owner, own_id_},
                 {}, {.key = at.record});
}

}}}  // namespace aerie::v1::cluster
