#include "cluster/stream_history.hpp"

#include "cluster/stream_scripts.hpp"
#include "cluster/streams_codec.hpp"

#include <aerie/core/immortal.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterMessage;
using socketio::LogPosition;

namespace {

constexpr std::size_t most_at_once = 4;
constexpr std::size_t page_size = 256;

redis::Reply const& field(redis::Reply const& info, std::string_view name) {
  static core::Immortal<redis::Reply> const none;
  for (std::size_t i = 0; i + 1 < info.size(); i += 2) {
    if (info[i].text() == name) return info[i + 1];
  }
  return *none;
}

/// Whether everything behind a position is there, by the reply to XINFO STREAM.
bool is_whole(redis::Reply const& info, LogPosition after) {
  // Redis 7 and later: nothing has ever been taken out.
  auto const& added = field(info, "entries-added");
  if (added.is_integer() && added.integer() == field(info, "length").integer()) return true;
  auto const first = LogPosition::parse(field(info, "first-entry")[0].text());
  return first && *first <= after;
}

}  // namespace

void StreamHistory::read(std::string stream, std::string nsp, LogPosition after, Done done) {
  waiting_.push_back(std::make_shared<Reading>(
      Reading{std::move(stream), std::move(nsp), after, after, {}, std::move(done)}));
  begin();
}

void StreamHistory::begin() {
  while (under_way_ < most_at_once && !waiting_.empty()) {
    auto const reading = std::move(waiting_.front());
    waiting_.pop_front();
    ++under_way_;
    next_page(reading);
  }
}

void StreamHistory::next_page(std::shared_ptr<Reading> const& reading) {
  auto const from = LogPosition{reading->at.time, reading->at.number + 1}.text();
  auto const count = std::to_string(page_size);
  redis_.command(std::array<std::string_view, 6>{"XRANGE", reading->stream, from, "+", "COUNT", count},
                 [this, reading](redis::Answer const& answer) {
                   if (!answer) return end(reading, false);
                   for (auto const& each : answer.reply.elements()) {
                     auto const at = LogPosition::parse(each[0].text());
                     Entry entry;
                     if (!at) continue;
                     reading->at = *at;
                     if (decode_entry(each[1], entry) != Decoded::message || entry.nsp != reading->nsp ||
                         !entry.message.id.empty()) {
                       continue;
                     }
                     if (auto* const message = std::get_if<ClusterMessage>(&entry.message.body))
                       reading->messages.push_back({*at, std::move(*message)});
                   }
                   answer.reply.size() < page_size ? check(reading) : next_page(reading);
                 },
                 {.key = reading->stream});
}

/// Afterwards: what is there now was there all the time.
void StreamHistory::check(std::shared_ptr<Reading> const& reading) {
  if (is_exact_) return check_kept(reading);
  redis_.command(std::array<std::string_view, 3>{"XINFO", "STREAM", reading->stream},
                 [this, reading](redis::Answer const& answer) {
                   end(reading, answer && is_whole(answer.reply, reading->after));
                 },
                 {.key = reading->stream});
}

void StreamHistory::check_kept(std::shared_ptr<Reading> const& reading) {
  auto const epoch = key_beside(reading->stream, "epoch");
  auto const floor = key_beside(reading->stream, "floor");
  redis_.command(std::array<std::string_view, 3>{"MGET", epoch, floor},
                 [this, reading](redis::Answer const& answer) {
                   auto const epoch = StreamEpoch::parse(answer.reply[0].text());
                   auto const floor_text = answer.reply[1].text();
                   auto const floor = floor_text.empty() ? LogPosition{} : LogPosition::parse(floor_text);
                   end(reading, answer && epoch && floor && std::max(epoch->at, *floor) <= reading->after);
                 },
                 {.key = reading->stream});
}

void StreamHistory::end(std::shared_ptr<Reading> const& reading, bool complete) {
  --under_way_;
  reading->done(complete ? std::optional(std::move(reading->messages)) : std::nullopt);
  begin();
}

}}}  // namespace aerie::v1::cluster
