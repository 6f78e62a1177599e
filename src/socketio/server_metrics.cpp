// What a server says of itself on a page of metrics.
#include "socketio/event_metrics.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/metrics_page.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

using core::MetricsPage;
using Number = std::pair<std::string_view, std::uint64_t>;

double as_number(std::uint64_t count) noexcept {
  return static_cast<double>(count);
}

/// Namespaces that clients make are as many as they like: the fullest have a line of their own.
constexpr std::size_t most_namespaces = 50;

void collect_namespaces(MetricsPage& page, NamespaceRegistry const& registry) {
  std::vector<std::pair<std::size_t, std::string>> all;
  for (auto const& nsp : registry.all())
    all.emplace_back(nsp->socket_count(), nsp->name());
  std::ranges::sort(all, [](auto const& a, auto const& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  page.gauge("aerie_socketio_namespaces", "Namespaces that there are.", as_number(all.size()));
  std::uint64_t others = 0;
  constexpr auto name = "aerie_socketio_sockets";
  constexpr auto help =
      "Sockets that are connected, by namespace; those of many small ones together as \"other\".";
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i >= most_namespaces) {
      others += all[i].first;
    } else {
      page.gauge(name, help, as_number(all[i].first), {{"namespace", all[i].second}});
    }
  }
  if (all.size() > most_namespaces) page.gauge(name, help, as_number(others), {{"namespace", "other"}});
}

void add(engineio::SessionCounts<std::uint64_t>& sum, engineio::SessionCounts<std::uint64_t> const& more) {
  more.with(sum, [](std::uint64_t count, std::uint64_t& total) { total += count; });
}

void collect_sessions(MetricsPage& page, engineio::SessionCounts<std::uint64_t> const& counts) {
  using engineio::CloseReason;
  using engineio::Refusal;
  using engineio::TransportKind;
  for (auto const kind : {TransportKind::polling, TransportKind::websocket}) {
    page.gauge("aerie_engineio_sessions", "Sessions that are open, by the transport that they are on.",
               as_number(counts.open[static_cast<std::size_t>(kind)]),
               {{"transport", std::string(to_string(kind))}});
  }
  page.counter("aerie_engineio_sessions_opened_total", "Sessions that have opened.",
               as_number(counts.opened));
  page.counter("aerie_engineio_upgrades_total", "Sessions that have gone over to a WebSocket.",
               as_number(counts.upgraded));
  for (std::size_t i = 0; i < counts.closed.size(); ++i) {
    page.counter("aerie_engineio_sessions_closed_total", "Sessions that have ended, by reason.",
                 as_number(counts.closed[i]),
                 {{"reason", std::string(to_string(static_cast<CloseReason>(i)))}});
  }
  for (std::size_t i = 0; i < counts.refused.size(); ++i) {
    page.counter("aerie_engineio_refusals_total", "Requests that were refused, by reason.",
                 as_number(counts.refused[i]), {{"reason", std::string(to_string(static_cast<Refusal>(i)))}});
  }
}

void collect_recovery(MetricsPage& page, RecoveryStats const& recovery) {
  page.gauge("aerie_recovery_sessions_waiting", "Sessions whose clients are away.",
             as_number(recovery.waiting));
  for (auto const& [outcome, count] : {Number{"recovered", recovery.recovered},
                                       {"refused", recovery.refused},
                                       {"expired", recovery.expired}}) {
    page.counter(
        "aerie_recoveries_total",
        "Clients that have come back to their sessions, have asked for one in vain, or have not come back "
        "in time.",
        as_number(count), {{"outcome", std::string(outcome)}});
  }
  page.gauge("aerie_recovery_retained_events", "Events that are kept for those who come back.",
             as_number(recovery.retained_events));
  page.gauge("aerie_recovery_retained_bytes", "The same in bytes.", as_number(recovery.retained_bytes));
  page.counter("aerie_recovery_events_gone_early_total",
               "Events that went before their time, for lack of memory.", as_number(recovery.gone_early));
}

void collect_cluster(MetricsPage& page, ClusterStatus const& status) {
  if (status.state == ClusterState::alone) return;
  constexpr std::array<std::pair<std::string_view, ClusterState>, 4> states{
      {{"starting", ClusterState::starting},
       {"ready", ClusterState::ready},
       {"degraded", ClusterState::degraded},
       {"closed", ClusterState::closed}}};
  for (auto const& [state, value] : states) {
    page.gauge("aerie_cluster_state",
               "How the server stands with its cluster: 1 for the state that it is in.",
               status.state == value ? 1 : 0, {{"state", std::string(state)}});
  }
  for (auto const& [direction, count] : {Number{"sent", status.sent}, {"received", status.received}}) {
    page.counter("aerie_cluster_messages_total", "Messages of the adapter, answers included.",
                 as_number(count), {{"direction", std::string(direction)}});
  }
  for (auto const& [reason, count] :
       {Number{"lost", status.lost}, {"malformed", status.malformed}, {"refused", status.refused}}) {
    page.counter("aerie_cluster_messages_dropped_total",
                 "Messages that could not be sent or are known to be missed, were none, or were not signed.",
                 as_number(count), {{"reason", std::string(reason)}});
  }
  page.counter("aerie_cluster_id_conflicts_total",
               "How often another server was heard to have this one's id.", as_number(status.id_conflicts));
}

}  // namespace

void ServerState::measure() {
  runtime_.measure();
  for (auto const& node : nodes_)
    node->measure();
}

void ServerState::collect(MetricsPage& page) const {
  auto sessions = engine_->counts();
  for (auto const* const engine : bound_)
    add(sessions, engine->counts());
  collect_sessions(page, sessions);
  collect_namespaces(page, namespaces_);

  auto const now = stats();
  std::uint64_t rooms = 0;
  std::uint64_t failures = 0;
  std::uint64_t under_way = 0;
  std::array<std::uint64_t, entry_refusal_count> refusals{};
  EventMetrics::Times times;
  std::array<std::uint64_t, 5> events{};
  auto measured = false;
  for (auto const& node : nodes_) {
    auto const& counts = node->counts();
    rooms += counts.rooms.get();
    failures += counts.handler_failures.get();
    under_way += node->handlers_under_way();
    for (std::size_t i = 0; i < refusals.size(); ++i)
      refusals[i] += counts.refused[i].get();
    auto const* const metrics = node->metrics();
    if (metrics == nullptr) continue;
    measured = true;
    metrics->add_to(times);
    std::size_t i = 0;
    for (auto const* const tally : {&metrics->received, &metrics->sent, &metrics->acks_received,
                                    &metrics->acks_sent, &metrics->acks_timed_out})
      events[i++] += tally->get();
  }
  page.gauge(
      "aerie_socketio_rooms",
      "Rooms with a name, one that is on several shards once for each; those of the sockets' own ids aside.",
      as_number(rooms));
  page.gauge("aerie_socketio_handlers_under_way", "Handlers that are tasks and have not ended.",
             as_number(under_way));
  page.counter("aerie_socketio_handler_failures_total", "Handlers that have thrown.", as_number(failures));
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    page.counter("aerie_socketio_refusals_total", "Clients that were refused in a namespace, by reason.",
                 as_number(refusals[i]), {{"reason", std::string(to_string(static_cast<EntryRefusal>(i)))}});
  }
  page.counter("aerie_slow_clients_closed_total",
               "Clients that were closed because more waited for them than ServerOptions::outgoing_limit.",
               as_number(now.slow_clients_closed));
  for (auto const& [reason, count] :
       {Number{"volatile", now.dropped_volatile}, {"oldest", now.dropped_oldest}}) {
    page.counter(
        "aerie_socketio_events_dropped_total",
        "Events that a client was not sent because others waited for it: volatile ones, and those that a "
        "later one has replaced.",
        as_number(count), {{"reason", std::string(reason)}});
  }
  if (recovery_) collect_recovery(page, now.recovery);
  collect_cluster(page, member_->status());
  if (!measured) return;
  page.counter("aerie_socketio_events_received_total", "Events of clients.", as_number(events[0]));
  page.counter("aerie_socketio_events_sent_total", "Events to clients, one for each that is sent it.",
               as_number(events[1]));
  for (auto const& [kind, count] :
       {Number{"received", events[2]}, {"sent", events[3]}, {"timed_out", events[4]}}) {
    page.counter("aerie_socketio_acknowledgements_total",
                 "Acknowledgements of clients and to clients, and those that did not come in time.",
                 as_number(count), {{"kind", std::string(kind)}});
  }
  for (auto const& [event, sum] : times) {
    page.histogram(
        "aerie_socketio_handler_seconds",
        "Time from an event to the end of its handlers; those of many names, and of events that nobody "
        "handles, together as \"other\".",
        sum, {{"event", event}});
  }
}

}}}  // namespace aerie::v1::socketio
