#include "cluster/stream_scripts.hpp"

#include <aerie/core/immortal.hpp>
#include <aerie/core/log.hpp>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

constexpr std::string_view begin_script =
    "local function now() "
    "local time = redis.call('TIME') "
    "return time[1] * 1000 + math.floor(time[2] / 1000) "
    "end "
    // Where the clock is behind what somebody has read, and the stream does not know of that.
    "local function begin() "
    "local at = tonumber(string.match(ARGV[1], '%d+')) >= now() and "
    "redis.pcall('XADD', KEYS[1], ARGV[1], 'epoch', '1') "
    "if type(at) ~= 'string' then at = redis.call('XADD', KEYS[1], '*', 'epoch', '1') end "
    "local time = redis.call('TIME') "
    "local epoch = at .. '/' .. time[1] .. string.format('%06d', time[2]) "
    "redis.call('SET', KEYS[2], epoch) "
    "redis.call('DEL', KEYS[3]) "
    "return epoch "
    "end "
    "local epoch = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('GET', KEYS[2]) or begin() ";

// What writes nothing is answered by a replica as well, which may lack the end: PERSIST is refused there.
constexpr std::string_view look_script =
    "redis.call('PERSIST', KEYS[2]) "
    "local info, last = redis.call('XINFO', 'STREAM', KEYS[1]), '' "
    "for i = 1, #info, 2 do if info[i] == 'last-generated-id' then last = info[i + 1] end end "
    "local at = ARGV[2] ~= '' and ARGV[2] or last "
    "return {epoch, redis.call('GET', KEYS[3]) or '', last, redis.call('XRANGE', KEYS[1], at, at)}";

constexpr std::string_view renew_script = "return epoch == ARGV[2] and begin() or epoch";

// A day: it is written again by each entry, and where a server looks at the stream, every minute at least.
// One whose server lives, and which is not known, was lost with what it had added.
constexpr std::string_view writer_script =
    "local function keep(number, since) "
    "redis.call('SET', KEYS[4], string.format('%.0f', number) .. ' ' .. since, 'PX', 86400000) "
    "end "
    "local last, since = string.match(redis.call('GET', KEYS[4]) or '', '(%d+) (.+)') "
    "last = tonumber(last) "
    "if not last or last + 1 < tonumber(ARGV[2]) then "
    "if epoch == ARGV[3] then epoch = begin() end "
    "last, since = ARGV[2] - 1, epoch "
    "end ";

constexpr std::string_view check_script = "keep(last, since) return epoch";

// What is cut off by age is at most as late as the last one that is too old, and what the ceiling leaves
// begins with the first one that is there.
constexpr std::string_view add_script =
    "local number = tonumber(ARGV[4]) "
    // WAIT is about what this connection has written: that this is in may be the word of another one.
    "if number <= last then keep(last, since) return {1, since} end "
    "if number > last + 1 then return redis.error_reply('AERIEGAP ' .. last) end "
    "local entry = {'XADD', KEYS[1], '*'} "
    "for i = 7, #ARGV do entry[i - 3] = ARGV[i] end "
    "redis.call(unpack(entry)) "
    "keep(number, epoch) "
    "local least = math.max(now() - ARGV[5], 1) "
    // Where nothing is so old XREVRANGE would look at every entry that there is.
    "local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1] "
    "local old = tonumber(string.match(first, '%d+')) < least and "
    "redis.call('XREVRANGE', KEYS[1], string.format('%.0f', least - 1), '-', 'COUNT', 1)[1] "
    "if old and redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', least)) > 0 then "
    "redis.call('SET', KEYS[3], old[1]) "
    "end "
    "if redis.call('XLEN', KEYS[1]) <= tonumber(ARGV[6]) then return {1, epoch} end "
    "if redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[6]) == 0 then return {1, epoch} end "
    "redis.call('SET', KEYS[3], redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]) "
    "return {2, epoch}";

}  // namespace

std::string key_beside(std::string_view stream, std::string_view what) {
  return core::concat("{", stream, "}:aerie:", what);
}

std::optional<StreamEpoch> StreamEpoch::parse(std::string_view text) {
  auto const at = socketio::LogPosition::parse(text.substr(0, text.find('/')));
  return at ? std::optional(StreamEpoch{std::string(text), *at}) : std::nullopt;
}

std::string_view StreamScripts::look() {
  static core::Immortal<std::string> const text(core::concat(begin_script, look_script));
  return *text;
}

std::string_view StreamScripts::renew() {
  static core::Immortal<std::string> const text(core::concat(begin_script, renew_script));
  return *text;
}

std::string_view StreamScripts::check() {
  static core::Immortal<std::string> const text(core::concat(begin_script, writer_script, check_script));
  return *text;
}

std::string_view StreamScripts::add() {
  static core::Immortal<std::string> const text(core::concat(begin_script, writer_script, add_script));
  return *text;
}

}}}  // namespace aerie::v1::cluster
