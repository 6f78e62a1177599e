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

// --- The session

bool RecoverySession::was_meant(RetainedLog::Entry const& entry) const {
  auto const& target = entry.event->target;
  auto const was_in = [&](std::string const& room) { return rooms.was_in(room, entry.position); };
  if (!target.rooms.empty() && std::ranges::none_of(target.rooms, was_in)) return false;
  return std::ranges::none_of(target.except, was_in);
}

void RecoverySession::account_for() noexcept {
  constexpr std::size_t most = 1'000'000;
  auto bytes = sizeof *this + sid.capacity() + rooms.bytes() + unanswered.bytes();
  if (carried) bytes += sizeof *carried + carried->events.capacity() * sizeof(Missed::value_type);
  if (sent_again) bytes += sizeof *sent_again;
  if (away) bytes += sizeof *away + value_size(away->data, most);
  charge.resize(bytes);
}

}}}  // namespace aerie::v1::socketio
