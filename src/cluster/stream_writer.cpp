#include "cluster/stream_writer.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

constexpr std::size_t most_commands_under_way = 256;

// What else is sent on this connection waits for as long.
constexpr std::string_view replicas_are_waited_for_ms = "500";

// KEYS: the stream, its epoch, its floor, the last number of this writer. ARGV: the number, for how long
// entries are kept, how many there may be, and the fields.
//
// The epoch is the position of the entry with which the stream has begun; the floor that of the first entry
// that the ceiling has left. Both together with age say whether what stands behind a position is whole.
constexpr std::string_view ensure_script =
    "if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('EXISTS', KEYS[2]) == 0 then "
    "redis.call('SET', KEYS[2], redis.call('XADD', KEYS[1], '*', 'epoch', '1')) redis.call('DEL', KEYS[3]) "
    "end ";
constexpr std::string_view add_script =
    "local number = tonumber(ARGV[1]) "
    "local last = tonumber(redis.call('GET', KEYS[4]) or number - 1) "
    // WAIT is about what this connection has written: that this is in may be the word of another one.
    "if number <= last then redis.call('PEXPIRE', KEYS[4], 3600000) return 1 end "
    "if number > last + 1 then return redis.error_reply('AERIEGAP ' .. last) end "
    "local entry = {'XADD', KEYS[1], '*'} "
    "for i = 4, #ARGV do entry[i] = ARGV[i] end "
    "redis.call(unpack(entry)) "
    "redis.call('SET', KEYS[4], ARGV[1], 'PX', 3600000) "
    "local time = redis.call('TIME') "
    "redis.call('XTRIM', KEYS[1], 'MINID', '~', "
    "string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[2])) "
    "if redis.call('XLEN', KEYS[1]) <= tonumber(ARGV[3]) then return 1 end "
    "if redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[3]) == 0 then return 1 end "
    "redis.call('SET', KEYS[3], redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]) "
    "return 2";

}  // namespace

std::string StreamWriter::key(std::string_view stream, std::string_view what) {
  return core::concat("{", stream, "}:aerie:", what);
}

std::vector<std::string> StreamWriter::ensure(std::string_view stream) {
  return {"EVAL",
          std::string(ensure_script),
          "3",
          std::string(stream),
          key(stream, "epoch"),
          key(stream, "floor")};
}

StreamWriter::StreamWriter(core::Shard& shard, redis::Client& redis, Settings settings,
                           std::function<void()> on_cut)
    : shard_(shard),
      redis_(redis),
      settings_(std::move(settings)),
      on_cut_(std::move(on_cut)),
      charge_(shard.account(), 0) {}

void StreamWriter::add(std::vector<std::string> fields, Done done) {
  constexpr std::size_t overhead = 256;
  std::size_t bytes = overhead;
  for (auto const& field : fields)
    bytes += field.size() + sizeof field;
  if (!items_.empty() && bytes_ + bytes > settings_.limit) return done(false);
  bytes_ += bytes;
  charge_.resize(bytes_);
  items_.push_back({++last_number_, std::move(fields), std::move(done), bytes});
  send_next();
}

void StreamWriter::clear() {
  timer_.cancel();
  ++round_;
  sent_ = under_way_ = 0;
  added_ = 0;
  stalled_ = gap_ = waits_for_replicas_ = lacks_replicas_ = false;
  // Another writer, should this one begin again: nobody knows what has become of the last of these.
  ++generation_;
  bytes_ = 0;
  charge_.resize(0);
  for (auto& item : std::exchange(items_, {}))
    item.done(false);
}

std::string StreamWriter::writer() const {
  return core::concat(settings_.name, "-", std::to_string(generation_));
}

void StreamWriter::send_next() {
  while (!stalled_ && sent_ < items_.size() && under_way_ < most_commands_under_way) {
    ++under_way_;
    send(items_[sent_++]);
  }
}

void StreamWriter::send(Item const& item) {
  auto const epoch = key(settings_.stream, "epoch");
  auto const floor = key(settings_.stream, "floor");
  auto const last = key(settings_.stream, core::concat("writer:", writer()));
  auto const number = std::to_string(item.number);
  auto const keep = std::to_string(settings_.keep.count());
  auto const ceiling = std::to_string(settings_.ceiling);
  auto const script = core::concat(ensure_script, add_script);
  std::vector<std::string_view> command{"EVAL", script, "4",  settings_.stream, epoch, floor,
                                        last,   number, keep, ceiling};
  command.insert(command.end(), item.fields.begin(), item.fields.end());
  redis_.command(command,
                 [this, number = item.number, round = round_](redis::Answer const& answer) {
                   if (round == round_) answered(number, answer);
                 },
                 {.key = settings_.stream});
}

void StreamWriter::answered(std::uint64_t number, redis::Answer const& answer) {
  --under_way_;
  auto const cut = answer && answer.reply.integer() == 2;
  if (answer) {
    // All before it are in, too, also those whose own answers are missing.
    auto const round = round_;
    added_until(number);
    if (cut) on_cut_();
    if (round != round_) return;
  } else {
    stalled_ = true;
    auto const is_first = !items_.empty() && items_.front().number == number;
    gap_ = gap_ || (is_first && answer.reply.error_code() == "AERIEGAP");
  }
  if (!stalled_) return send_next();
  if (under_way_ == 0 && !waits_for_replicas_) try_again_later();
}

void StreamWriter::added_until(std::uint64_t number) {
  if (settings_.replicas == 0) return confirm_until(number);
  added_ = std::max(added_, number);
  if (!stalled_) wait_for_replicas();
}

/// One question at a time, about everything that was added before it. It is asked on the connection on which
/// that was answered, as Redis only answers for what a connection has written.
void StreamWriter::wait_for_replicas() {
  if (waits_for_replicas_ || lacks_replicas_ || items_.empty() || items_.front().number > added_) return;
  waits_for_replicas_ = true;
  auto const count = std::to_string(settings_.replicas);
  redis_.command({"WAIT", count, replicas_are_waited_for_ms},
                 [this, number = added_, round = round_](redis::Answer const& answer) {
                   if (round == round_) replicated(number, answer);
                 },
                 {.key = settings_.stream});
}

void StreamWriter::replicated(std::uint64_t number, redis::Answer const& answer) {
  waits_for_replicas_ = false;
  if (answer && answer.reply.integer() >= static_cast<std::int64_t>(settings_.replicas)) {
    auto const round = round_;
    confirm_until(number);
    if (round != round_) return;
    if (!stalled_) return wait_for_replicas();
  } else {
    lacks_replicas_ = true;
    stalled_ = stalled_ || !answer;
  }
  if (under_way_ == 0 || !stalled_) try_again_later();
}

void StreamWriter::try_again_later() {
  if (!timer_.pending()) shard_.start(timer_, settings_.pause);
}

void StreamWriter::confirm_until(std::uint64_t number) {
  while (!items_.empty() && items_.front().number <= number) {
    auto item = std::move(items_.front());
    items_.pop_front();
    bytes_ -= item.bytes;
    charge_.resize(bytes_);
    if (sent_ > 0) --sent_;
    auto const round = round_;
    item.done(true);
    if (round != round_) return;
  }
}

void StreamWriter::send_again() {
  // Its answer will come here again.
  if (stalled_ && under_way_ > 0) return;
  // A Redis that has taken over from another lacks the last of it: there is nothing to be followed.
  if (std::exchange(gap_, false)) ++generation_;
  auto const lacks_replicas = std::exchange(lacks_replicas_, false);
  if (!std::exchange(stalled_, false)) {
    // All were added, and the last of these stands for all: the others are not sent again.
    auto const last = std::ranges::find(items_, added_, &Item::number);
    if (lacks_replicas && last != items_.end()) {
      ++under_way_;
      send(*last);
    }
    return send_next();
  }
  sent_ = 0;
  added_ = 0;
  send_next();
}

}}}  // namespace aerie::v1::cluster
