#include "cluster/stream_reader.hpp"

#include <aerie/core/shard.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// An answer to XREAD comes this much later than Redis waits, at most.
constexpr core::Milliseconds slack = std::chrono::seconds{3};
constexpr core::Milliseconds longest_without_a_look = std::chrono::minutes{1};

/// The last id that the stream has given to an entry, out of the reply to XINFO STREAM.
std::optional<socketio::LogPosition> last_generated(redis::Reply const& info) {
  for (std::size_t i = 0; i + 1 < info.size(); i += 2) {
    if (info[i].text() == "last-generated-id") return socketio::LogPosition::parse(info[i + 1].text());
  }
  return std::nullopt;
}

/// Two entries with the same fields have the same, and hardly any others.
std::size_t content_of(redis::Reply const& fields) {
  std::string text;
  for (auto const& field : fields.elements())
    text.append(std::to_string(field.text().size())).append(" ").append(field.text());
  return std::hash<std::string>()(text);
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
  epoch_ = {};
  content_.reset();
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
  if (settings_.is_exact) return look();
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
    if (events_.on_lost) events_.on_lost({0, 1});
  }
  if (open_) read();
}

// --- Whether the stream is still the one it was, and where it is whole

void StreamReader::look() {
  auto const epoch = key_beside(settings_.stream, "epoch");
  auto const floor = key_beside(settings_.stream, "floor");
  auto const behind = behind_text(position_);
  auto const position = located_ ? position_.text() : std::string();
  looked_at_ = shard_.clock().now();
  redis_.command(std::array<std::string_view, 8>{"EVAL", StreamScripts::look(), "3", settings_.stream, epoch,
                                                 floor, behind, position},
                 [this](redis::Answer const& answer) {
                   if (open_) looked(answer);
                 },
                 {.key = settings_.stream});
}

void StreamReader::looked(redis::Answer const& answer) {
  auto const epoch = StreamEpoch::parse(answer.reply[0].text());
  auto const floor = Position::parse(answer.reply[1].text()).value_or(Position{});
  auto const last = Position::parse(answer.reply[2].text());
  if (!answer || !epoch || !last) return later();
  doubtful_ = false;
  auto const& found = answer.reply[3][0];
  auto const content = found.size() == 2 ? std::optional(content_of(found[1])) : std::nullopt;
  if (!std::exchange(located_, true)) {
    position_ = *last;
    epoch_ = *epoch;
    content_ = content;
    events_.on_located();
  } else {
    auto const is_there = content && (!content_ || content_ == content);
    auto const is_cut_short = *last < position_ || (!is_there && position_ > floor);
    if (*epoch == epoch_ ? is_cut_short : epoch->at <= position_) return renew(*epoch);
    if (*epoch != epoch_) {
      epoch_ = *epoch;
      lose(epoch->at);
    } else if (floor > position_) {
      lose(floor);
    }
  }
  if (!open_) return;
  if (events_.on_looked) events_.on_looked();
  if (open_) read();
}

/// The stream begins anew, unless somebody else has seen to that.
void StreamReader::renew(StreamEpoch const& epoch) {
  auto const epoch_key = key_beside(settings_.stream, "epoch");
  auto const floor_key = key_beside(settings_.stream, "floor");
  auto const behind = behind_text(position_);
  redis_.command(std::array<std::string_view, 8>{"EVAL", StreamScripts::renew(), "3", settings_.stream,
                                                 epoch_key, floor_key, behind, epoch.text},
                 [this](redis::Answer const& answer) {
                   if (!open_) return;
                   auto const renewed = StreamEpoch::parse(answer.reply.text());
                   doubtful_ = true;
                   if (!answer || !renewed) return later();
                   // One that somebody else has begun may not stand behind what was read here, either.
                   if (renewed->at > position_) {
                     epoch_ = *renewed;
                     lose(renewed->at);
                   }
                   if (open_) look();
                 },
                 {.key = settings_.stream});
}

void StreamReader::lose(Position at) {
  position_ = at;
  content_.reset();
  if (events_.on_lost) events_.on_lost(at);
}

/// Whether nothing behind `position_` was lost or cut off by now.
bool StreamReader::is_whole(redis::Answer const& kept) const {
  if (!kept || kept.reply[0].text() != epoch_.text) return false;
  auto const floor = kept.reply[1].text();
  return floor.empty() || Position::parse(floor) <= position_;
}

// --- Entries

void StreamReader::ask_for_entries(redis::Client::OnAnswer done) {
  auto const count = std::to_string(count_);
  auto const block = std::to_string(settings_.block.count());
  auto const position = position_.text();
  redis_.command(std::array<std::string_view, 8>{"XREAD", "COUNT", count, "BLOCK", block, "STREAMS",
                                                 settings_.stream, position},
                 std::move(done), {.deadline = settings_.block + slack, .key = settings_.stream});
}

void StreamReader::read() {
  if (settings_.is_exact) return read_exactly();
  ask_for_entries([this, asked = shard_.clock().now()](redis::Answer const& answer) {
    if (open_) take(answer, asked);
  });
}

/// Nobody hears of entries before it is known that none before them is missing. That is asked with them, and
/// answered after them, in one way to Redis and back.
void StreamReader::read_exactly() {
  auto const read = std::make_shared<redis::Answer>();
  ask_for_entries([read](redis::Answer answer) { *read = std::move(answer); });
  auto const epoch = key_beside(settings_.stream, "epoch");
  auto const floor = key_beside(settings_.stream, "floor");
  redis_.command(std::array<std::string_view, 3>{"MGET", epoch, floor},
                 [this, read, asked = shard_.clock().now()](redis::Answer const& kept) {
                   if (!open_) return;
                   if (!*read || is_whole(kept)) return take(*read, asked);
                   doubtful_ = true;
                   kept ? go_on() : later();
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
  doubtful_ = settings_.is_exact && shard_.clock().now() - looked_at_ >= longest_without_a_look;
  if (open_) go_on();
}

void StreamReader::take_entries(redis::Reply const& entries) {
  for (auto const& entry : entries.elements()) {
    auto const position = Position::parse(entry[0].text());
    if (!position || *position <= position_) continue;
    position_ = *position;
    events_.on_entry(*position, entry[1]);
    if (!open_) return;
  }
  if (settings_.is_exact && entries.size() > 0) content_ = content_of(entries[entries.size() - 1][1]);
  if (events_.on_batch) events_.on_batch(position_);
}

}}}  // namespace aerie::v1::cluster
