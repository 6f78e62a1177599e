#include "socketio/shard_recovery.hpp"

namespace aerie { inline namespace v1 { namespace socketio {

bool is_recoverable(DisconnectReason reason) noexcept {
  switch (reason) {
    case DisconnectReason::transport_error:
    case DisconnectReason::transport_close:
    case DisconnectReason::forced_close:
    case DisconnectReason::ping_timeout:
    case DisconnectReason::server_shutting_down:
    case DisconnectReason::forced_server_close:
      return true;
    case DisconnectReason::parse_error:
    case DisconnectReason::client_namespace_disconnect:
    case DisconnectReason::server_namespace_disconnect:
      break;
  }
  return false;
}

void ShardRecovery::refused(core::Reply<ClaimedSession> const& reply, Recovery why) {
  refused_.add(1);
  reply({.outcome = why});
}

void ShardRecovery::add_to(RecoveryStats& stats) const noexcept {
  stats.waiting += waiting_.get();
  stats.recovered += recovered_.get();
  stats.refused += refused_.get();
  stats.expired += expired_.get();
  stats.retained_events += retained_.get();
  stats.retained_bytes += retained_bytes_.get();
  stats.gone_early += gone_early_.get();
}

}}}  // namespace aerie::v1::socketio
