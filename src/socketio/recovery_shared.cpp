#include "socketio/recovery_shared.hpp"

#include <utility>

namespace aerie { inline namespace v1 {

namespace socketio {

RecoveryShared::RecoveryShared(RecoveryOptions options, core::Milliseconds detection, std::size_t shards)
    : options_(std::move(options)),
      detection_(detection + 2 * tick),
      shards_(shards),
      last_(std::make_unique<std::atomic<std::uint64_t>[]>(origins())) {}

void RecoveryShared::put(std::string_view pid, std::uint16_t shard) {
  std::scoped_lock const lock(mutex_);
  sessions_.insert_or_assign(std::string(pid), shard);
}

void RecoveryShared::forget(std::string_view pid) {
  std::scoped_lock const lock(mutex_);
  if (auto const found = sessions_.find(pid); found != sessions_.end()) sessions_.erase(found);
}

std::optional<std::uint16_t> RecoveryShared::find(std::string_view pid) const {
  std::scoped_lock const lock(mutex_);
  auto const found = sessions_.find(pid);
  return found == sessions_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace socketio

std::string_view to_string(Recovery outcome) noexcept {
  switch (outcome) {
    case Recovery::none:
      return "none";
    case Recovery::recovered:
      return "recovered";
    case Recovery::unknown_session:
      return "unknown session";
    case Recovery::unknown_offset:
      return "unknown offset";
    case Recovery::events_gone:
      return "events gone";
  }
  return "";
}

}}  // namespace aerie::v1
