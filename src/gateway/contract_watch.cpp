#include "gateway/contract_watch.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/log.hpp>
#include <aerie/socketio/namespace.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// What a client sends is shown only if it looks like a hash: it is to tell of a version, not to fill the
/// log.
bool is_hash(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, core::is_small_hex_digit);
}

}  // namespace

bool SeenTexts::add(std::string_view text) {
  std::lock_guard const lock(mutex_);
  if (seen_.size() >= most || seen_.contains(text)) return false;
  return seen_.emplace(text).second;
}

void DeclaredEvents::add(GatewayDescription const& gateway) {
  for (auto const& emission : gateway.emissions)
    events_.insert(emission.event);
}

void DeclaredEvents::check(std::string_view event, Logger const& log) {
  if (events_.contains(event) || !reported_.add(event)) return;
  log.warning("gateway",
              core::concat("clients of ", nsp_, " are sent the event \"", event,
                           "\", which no gateway there says it sends, so contracts leave it out; add "
                           "g.emits<T>(\"",
                           event, "\")"));
}

void ContractWatch::see(Socket& socket, std::shared_ptr<DeclaredEvents> const& declared) {
  if (!options_.hash.empty()) check_hash(socket);
  if (!options_.reports_undeclared_events) return;
  socket.on_any_outgoing(
      [declared, &log = log_](std::string_view event, Args const&) { declared->check(event, log); });
}

void ContractWatch::check_hash(Socket const& socket) {
  auto const hash = socket.handshake().auth_text("contract");
  if (!hash || *hash == options_.hash || !is_hash(*hash) || !hashes_.add(*hash)) return;
  log_.warning("gateway", core::concat("clients come with the contract ", *hash, ", and ", options_.hash,
                                       " is served: their page is older or newer than this server"));
}

}}}  // namespace aerie::v1::gateway
