#include "socketio/recovery_session.hpp"

#include "socketio/auth.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/value_size.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace socketio {

std::optional<SessionClaim> SessionClaim::in(std::string_view auth) {
  if (auth.empty()) return std::nullopt;
  Value read;
  if (!read_auth(auth, type_ops<Value>, &read).ok() || !read.is_object()) return std::nullopt;
  auto const& pid = read["pid"];
  if (pid.is_undefined()) return std::nullopt;
  constexpr std::size_t longest = 64;
  SessionClaim claim;
  claim.malformed = !pid.is_string() || pid.as_string().size() > longest;
  if (!claim.malformed) claim.pid = pid.as_string();
  auto const& offset = read["offset"];
  if (offset.is_string()) {
    claim.offset = std::string(offset.as_string().substr(0, longest));
  } else if (!offset.is_undefined()) {
    claim.offset.emplace();
  }
  return claim;
}

// --- Rooms

void RoomHistory::enter(std::string_view room, Position at) {
  auto found = stays_.find(room);
  if (found == stays_.end()) {
    found = stays_.emplace(std::string(room), Stay{}).first;
    bytes_ += memory_of(room);
  }
  auto& [order, spans] = found->second;
  if (!spans.empty() && spans.back().to == open) return;
  order = ++last_order_;
  spans.push_back({at, open});
  bytes_ += sizeof(Span);
}

void RoomHistory::leave(std::string_view room, Position at, Position first) {
  auto const found = stays_.find(room);
  if (found == stays_.end() || found->second.spans.empty() || found->second.spans.back().to != open) return;
  found->second.spans.back().to = at;
  if (++left_ < most_left) return;
  forget_left(first);
  if (left_ < most_left / 2) return;
  // Somebody comes and goes all the time: what was before is not to be known any more.
  known_from_ = at;
  forget_left(at);
}

void RoomHistory::forget_left(Position first) {
  left_ = 0;
  bytes_ = 0;
  for (auto stay = stays_.begin(); stay != stays_.end();) {
    auto& spans = stay->second.spans;
    std::erase_if(spans, [first](Span const& span) { return span.to <= first; });
    if (spans.empty()) {
      stay = stays_.erase(stay);
      continue;
    }
    left_ += spans.size() - (spans.back().to == open ? 1 : 0);
    bytes_ += memory_of(stay->first) + spans.size() * sizeof(Span);
    ++stay;
  }
}

bool RoomHistory::was_in(std::string_view room, Position at) const {
  auto const found = stays_.find(room);
  return found != stays_.end() && std::ranges::any_of(found->second.spans, [at](Span const& span) {
           return span.from <= at && at < span.to;
         });
}

std::vector<std::string> RoomHistory::present() const {
  std::vector<std::pair<std::uint64_t, std::string const*>> in_order;
  for (auto const& [room, stay] : stays_) {
    if (stay.spans.back().to == open) in_order.emplace_back(stay.order, &room);
  }
  std::ranges::sort(in_order);
  std::vector<std::string> names;
  for (auto const& [order, name] : in_order)
    names.push_back(*name);
  return names;
}

// --- The session

bool RecoverySession::was_meant(RetainedLog::Entry const& entry) const {
  auto const& target = entry.event->target;
  auto const was_in = [&](std::string const& room) { return rooms.was_in(room, entry.position); };
  if (!target.rooms.empty() && std::ranges::none_of(target.rooms, was_in)) return false;
  return std::ranges::none_of(target.except, was_in);
}

void RecoverySession::account_for() noexcept {
  constexpr std::size_t most = 1'000'000;
  auto bytes = sizeof *this + sid.capacity() + rooms.bytes();
  if (carried) bytes += sizeof *carried + carried->events.capacity() * sizeof(Missed::value_type);
  if (away) bytes += sizeof *away + value_size(away->data, most);
  charge.resize(bytes);
}

}}}  // namespace aerie::v1::socketio
