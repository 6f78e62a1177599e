#include "cluster/stream_reader.hpp"

#include <aerie/core/shard.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// An answer to XREAD comes this much later than Redis waits, at most.
constexpr core::Milliseconds slack = std::chrono::seconds{3};

/// The last id that the stream has given to an entry, out of the reply to XINFO STREAM.
std::optional<socketio::LogPosition> last_generated(redis::Reply const& info) {
  for (std::size_t i = 0; i + 1 < info.size(); i += 2) {
    if (info[i].text() == "last-generated-id") return socketio::LogPosition::parse(info[i + 1].text());
  }
  return std::nullopt;
}

}  // namespace

StreamReader::StreamReader(core::Shard& shard, redis::ClientOptions options, Settings settings, Events events)
    : shard_(shard),
      settings_(std::move(settings)),
      events_(std::move(events)),
      count_(settings_.count),
      redis_(shard, std::move(options)) {}

StreamReader::~StreamReader() = default;

void StreamReader::open() {
  if (std::exchange(open_, true)) return;
  located_ = false;
  doubtful_ = true;
  position_ = {};
  redis_.open();
  ask_where();
}

void StreamReader::close() {
  open_ = false;
  timer_.cancel();
  redis_.close();
}

void StreamReader::go_on() {
  if (!open_) return;
  doubtful_ ? ask_where() : read();
}

void StreamReader::later() noexcept {
  if (open_) shard_.start(timer_, settings_.pause);
}

void StreamReader::ask_where() {
  if (!settings_.before.empty()) {
    std::vector<std::string_view> const words(settings_.before.begin(), settings_.before.end());
    redis_.command(words, {}, {.key = settings_.stream});
  }
  redis_.command(std::array<std::string_view, 3>{"XINFO", "STREAM", settings_.stream},
                 [this](redis::Answer const& answer) {
                   if (open_) locate(answer);
                 },
                 {.key = settings_.stream});
}

void StreamReader::locate(redis::Answer const& answer) {
  // There is no such key yet: it begins with its first entry.
  auto const is_absent = answer.error == redis::CommandError::none && answer.reply.is_error() &&
                         answer.reply.error_code() == "ERR" &&
                         answer.reply.text().find("no such key") != std::string_view::npos;
  auto const last = answer ? last_generated(answer.reply) : std::nullopt;
  if (!last && !is_absent) return later();
  doubtful_ = false;
  auto const end = last.value_or(Position{});
  if (!std::exchange(located_, true)) {
    position_ = end;
    events_.on_located();
  } else if (end < position_) {
    // Ids only grow: this is another stream of that name, all of which is new.
    position_ = {};
    if (events_.on_lost) events_.on_lost();
  }
  if (open_) read();
}

void StreamReader::read() {
  auto const count = std::to_string(count_);
  auto const block = std::to_string(settings_.block.count());
  auto const position = position_.text();
  auto const asked = shard_.clock().now();
  redis_.command(std::array<std::string_view, 8>{"XREAD", "COUNT", count, "BLOCK", block, "STREAMS",
                                                 settings_.stream, position},
                 [this, asked](redis::Answer const& answer) {
                   if (open_) take(answer, asked);
                 },
                 {.deadline = settings_.block + slack, .key = settings_.stream});
}

void StreamReader::take(redis::Answer const& answer, core::TimePoint asked) {
  if (!answer) {
    // It may have been another Redis that answers next, and a reply that was more than the client takes.
    doubtful_ = true;
    if (answer.error == redis::CommandError::connection_lost) count_ = std::max(count_ / 2, 1U);
    return later();
  }
  if (answer.reply.is_nil()) {
    // One that does not wait, as a proxy may be, is not asked without a pause.
    doubtful_ = true;
    return shard_.clock().now() - asked < settings_.block / 2 ? later() : go_on();
  }
  count_ = std::min(count_ * 2, settings_.count);
  take_entries(answer.reply[0][1]);
  if (open_) read();
}

void StreamReader::take_entries(redis::Reply const& entries) {
  for (auto const& entry : entries.elements()) {
    auto const position = Position::parse(entry[0].text());
    if (!position || *position <= position_) continue;
    position_ = *position;
    events_.on_entry(*position, entry[1]);
    if (!open_) return;
  }
  if (events_.on_batch) events_.on_batch(position_);
}

}}}  // namespace aerie::v1::cluster
