#include "cluster/stream_writer.hpp"

#include "cluster/stream_scripts.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

constexpr std::size_t most_commands_under_way = 256;

// What else is sent on this connection waits for as long.
constexpr std::string_view replicas_are_waited_for_ms = "500";

}  // namespace

StreamWriter::StreamWriter(core::Shard& shard, redis::Client& redis, Settings settings,
                           std::function<socketio::LogPosition()> read, std::function<void()> on_cut)
    : shard_(shard),
      redis_(redis),
      settings_(std::move(settings)),
      read_(std::move(read)),
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
  stalled_ = waits_for_replicas_ = lacks_replicas_ = is_checking_ = false;
  confirmed_.clear();
  // Another writer, should this one begin again: nobody knows what has become of the last of these.
  ++generation_;
  bytes_ = 0;
  charge_.resize(0);
  for (auto& item : std::exchange(items_, {}))
    item.done(false);
}

/// A Redis that forbids it is given the script with each entry.
void StreamWriter::load() {
  if (!digest_.empty()) return;
  redis_.command({"SCRIPT", "LOAD", StreamScripts::add()},
                 [this, round = round_](redis::Answer const& answer) {
                   if (round != round_ || !answer) return;
                   digest_ = answer.reply.text();
                   is_loaded_ = !digest_.empty();
                 },
                 {.key = settings_.stream});
}

void StreamWriter::run(std::string_view name, std::string_view script,
                       std::vector<std::string_view> const& words, redis::Client::OnAnswer done) {
  auto const epoch = key_beside(settings_.stream, "epoch");
  auto const floor = key_beside(settings_.stream, "floor");
  auto const writer =
      key_beside(settings_.stream, core::concat("writer:", settings_.name, "-", std::to_string(generation_)));
  auto const behind = behind_text(read_());
  auto const first = std::to_string(this->first());
  std::vector<std::string_view> command{name,   script, "4",   settings_.stream, epoch, floor,
                                        writer, behind, first, confirmed_};
  command.insert(command.end(), words.begin(), words.end());
  redis_.command(command, std::move(done), {.key = settings_.stream});
}

void StreamWriter::check() {
  if (std::exchange(is_checking_, true)) return;
  load();
  run("EVAL", StreamScripts::check(), {},
      [this, first = first(), round = round_](redis::Answer const& answer) {
        if (round == round_) checked(answer, first);
      });
}

void StreamWriter::checked(redis::Answer const& answer, std::uint64_t first) {
  is_checking_ = false;
  if (answer && !answer.reply.text().empty()) {
    // What was confirmed while it was under way is of the epoch before, and the next one would find that
    // missing: so Redis is to know that it is not expected there.
    auto const is_outdated =
        !confirmed_.empty() && confirmed_ != answer.reply.text() && first != this->first();
    if (is_outdated) return check();
    confirmed_ = answer.reply.text();
    send_next();
  } else if (confirmed_.empty()) {
    try_again_later();
  }
}

void StreamWriter::send_next() {
  if (items_.empty()) return;
  if (confirmed_.empty()) return check();
  while (!stalled_ && sent_ < items_.size() && under_way_ < most_commands_under_way) {
    ++under_way_;
    send(items_[sent_++]);
  }
}

void StreamWriter::send(Item const& item) {
  auto const number = std::to_string(item.number);
  auto const keep = std::to_string(settings_.keep.count());
  auto const ceiling = std::to_string(settings_.ceiling);
  std::vector<std::string_view> words{number, keep, ceiling};
  words.insert(words.end(), item.fields.begin(), item.fields.end());
  auto const done = [this, number = item.number, round = round_](redis::Answer const& answer) {
    if (round == round_) answered(number, answer);
  };
  if (is_loaded_) return run("EVALSHA", digest_, words, done);
  run("EVAL", StreamScripts::add(), words, done);
}

void StreamWriter::answered(std::uint64_t number, redis::Answer const& answer) {
  --under_way_;
  if (answer) {
    confirmed_ = answer.reply[1].text();
    is_loaded_ = !digest_.empty();
    auto const cut = answer.reply[0].integer() == 2;
    // All before it are in, too, also those whose own answers are missing.
    auto const round = round_;
    added_until(number);
    if (cut) on_cut_();
    if (round != round_) return;
  } else {
    stalled_ = true;
    if (answer.reply.error_code() == "NOSCRIPT") is_loaded_ = false;
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
