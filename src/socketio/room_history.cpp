#include "socketio/room_history.hpp"

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

template <class P>
void RoomHistoryOf<P>::enter(std::string_view room, Position at) {
  auto found = stays_.find(room);
  if (found == stays_.end()) {
    found = stays_.emplace(std::string(room), Stay{}).first;
    bytes_ += memory_of(room);
  }
  auto& [order, spans] = found->second;
  if (!spans.empty() && spans.back().to == open()) return;
  order = ++last_order_;
  spans.push_back({at, open()});
  bytes_ += sizeof(Span);
}

template <class P>
void RoomHistoryOf<P>::leave(std::string_view room, Position at, Position first) {
  auto const found = stays_.find(room);
  if (found == stays_.end() || found->second.spans.empty() || found->second.spans.back().to != open()) return;
  found->second.spans.back().to = at;
  if (++left_ < most_left) return;
  forget_left(first);
  if (left_ < most_left / 2) return;
  // Somebody comes and goes all the time: what was before is not to be known any more.
  known_from_ = at;
  forget_left(at);
}

template <class P>
void RoomHistoryOf<P>::forget_left(Position first) {
  left_ = 0;
  bytes_ = 0;
  for (auto stay = stays_.begin(); stay != stays_.end();) {
    auto& spans = stay->second.spans;
    std::erase_if(spans, [first](Span const& span) { return span.to <= first; });
    if (spans.empty()) {
      stay = stays_.erase(stay);
      continue;
    }
    left_ += spans.size() - (spans.back().to == open() ? 1 : 0);
    bytes_ += memory_of(stay->first) + spans.size() * sizeof(Span);
    ++stay;
  }
}

template <class P>
bool RoomHistoryOf<P>::was_in(std::string_view room, Position at) const {
  auto const found = stays_.find(room);
  return found != stays_.end() && std::ranges::any_of(found->second.spans, [at](Span const& span) {
           return span.from <= at && at < span.to;
         });
}

template <class P>
std::vector<std::string> RoomHistoryOf<P>::present() const {
  std::vector<std::pair<std::uint64_t, std::string const*>> in_order;
  for (auto const& [room, stay] : stays_) {
    if (stay.spans.back().to == open()) in_order.emplace_back(stay.order, &room);
  }
  std::ranges::sort(in_order);
  std::vector<std::string> names;
  for (auto const& [order, name] : in_order)
    names.push_back(*name);
  return names;
}

template class RoomHistoryOf<RetainedLog::Position>;
template class RoomHistoryOf<LogPosition>;

}}}  // namespace aerie::v1::socketio
