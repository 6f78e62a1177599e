// What must hold in a LoggedSimulation.

#include "simulation/logged.hpp"
#include "simulation/logged_times.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace aerie::simulation {

using test::LogModel;

void LoggedSimulation::broken(Client const& client, std::string const& what) {
  throw Broken("client " + client.name + " of " + client.nsp + ": " + what);
}

/// It is decided whom an event is for when the log has it.
void LoggedSimulation::added(LogModel::Entry const& entry) {
  auto const& message = *entry.message;
  if (message.action != socketio::ClusterAction::broadcast) return;
  auto const number = message.payload.values()[1].as_int();
  last_added_[message.nsp] = added_at_[number] = now_;
  for (auto const& client : clients_) {
    if (client->nsp != message.nsp || !client->is_settled) continue;
    auto const is_in = [&](std::string const& room) {
      return client->rooms.contains(room) || room == client->end.id();
    };
    if (std::ranges::any_of(message.target.except, is_in)) continue;
    if (message.target.rooms.empty() || std::ranges::any_of(message.target.rooms, is_in))
      client->expected.push_back({number, now_});
  }
}

void LoggedSimulation::read(Client& client) {
  auto const was_there = client.end.state() == RecoveryClient::State::connected;
  auto const events = client.end.read();
  if (client.end.has_connected()) connected(client);
  if (client.end.was_refused() && !client.is_locked_out && client.server->disturbed < client.claims_since)
    broken(client, "it is refused");
  for (auto const& event : events)
    heard(client, event);
  questions_.heard(client.end, random_);
  if (!was_there || !client.end.is_away()) return;
  client.away_since = now_;
  has_gone(client);
  auto const is_excused =
      client.may_be_told || client.server->disturbed + detection >= now_ || client.rival_until >= now_;
  if (client.is_settled && !is_excused) broken(client, "its connection is ended, and there was no reason");
}

/// What it has had for certain is known of the time when it had been there for so long that its server relied
/// on it, then or before; what the ceiling has cut off since may be more than that.
void LoggedSimulation::has_gone(Client& client) {
  if (client.connected_at + certainty > now_) return;
  auto const later =
      std::ranges::upper_bound(cuts_, now_ - certainty, {}, &std::pair<Time, std::uint64_t>::first);
  client.cut_early = later == cuts_.begin() ? 0 : std::prev(later)->second;
}

bool LoggedSimulation::is_excused(Client const& client) const {
  auto const& server = *client.server;
  auto const is_too_late = now_ - client.away_since >= log_window;
  auto const is_gone = log_.cut_early() != client.cut_early;
  // What it asks the log for has not been answered.
  auto const is_alone = std::max(log_.disturbed(server.number), server.disturbed) >= client.claims_since;
  // By the log's clock what it has had last is older than anything that is kept.
  auto const is_too_old = (jumped_ > 0 && client.heard_at <= jumped_) || client.heard_at + keep_for <= now_;
  auto const is_forgotten = client.forgotten_until >= client.away_since;
  return client.has_ended || client.may_be_told || is_too_old || is_too_late || is_gone || is_alone ||
         is_forgotten;
}

void LoggedSimulation::connected(Client& client) {
  digest_ = (digest_ ^ (client.end.recovered() ? 1 : 2)) * 0x100000001B3U;
  client.connected_at = now_;
  if (client.is_locked_out) broken(client, "it is locked out, and let in");
  if (client.end.recovered()) {
    if (client.has_ended) broken(client, "a session that has ended is recovered");
    ++recovered_;
    return;
  }
  questions_.ended(client.name);
  if (client.is_settled) {
    ++told_;
    if (!is_excused(client))
      broken(client, "it is not recovered after " + std::to_string(now_ - client.away_since) +
                         " ms: " + client.outcome);
  }
  client.has_ended = false;
  client.is_settled = false;
  client.cut_early = log_.cut_early();
  // It begins behind what its server had seen by then.
  client.heard_at = std::min(last_added_[client.nsp],
                             client.claims_since - std::min(client.claims_since, 3 * longest_delay));
  client.expected.clear();
  client.rooms.clear();
}

void LoggedSimulation::heard(Client& client, Value const& event) {
  if (event[0] != Value("m")) return;
  auto const number = event[1].as_int();
  client.heard_at = added_at_[number];
  if (!client.is_settled) return;
  ++deliveries_;
  digest_ = (digest_ ^ static_cast<std::uint64_t>(number)) * 0x100000001B3U;
  auto& expected = client.expected;
  while (!expected.empty() && expected.front().is_optional && expected.front().number != number)
    expected.pop_front();
  if (!expected.empty() && expected.front().number == number) {
    auto const was_lost = expected.front().is_optional;
    expected.pop_front();
    // What was lost has perhaps been added again since: whoever has had the first one may not get the second.
    for (auto& each : expected)
      each.is_optional = each.is_optional || (was_lost && each.number == number);
    return;
  }
  auto const name = "event " + std::to_string(number);
  if (std::ranges::find(expected, number, &Expected::number) != expected.end())
    broken(client, name + " has come, and " + std::to_string(expected.front().number) + " has not");
  broken(client, name + " has come twice, or was not for it");
}

void LoggedSimulation::all_may_be_told() {
  records_lost_ = now_;
  for (auto const& client : clients_)
    client->may_be_told = true;
}

/// Each session is at one server. Dead connections have some time to be noticed.
void LoggedSimulation::count_sockets() {
  auto const count = [this] {
    std::size_t sockets = 0;
    for (auto const& server : servers_)
      sockets += server->io->of("/").socket_count() + server->io->of("/b").socket_count();
    return sockets;
  };
  // A claim that was made before may get the session, and its client comes back once more.
  for (Time waited = 0; waited < longest_claim && count() != clients_.size(); waited += tick) {
    pass(tick);
    for (auto const& client : clients_)
      come_back(*client);
  }
  if (auto const sockets = count(); sockets != clients_.size())
    throw Broken(std::to_string(sockets) + " sockets are those of " + std::to_string(clients_.size()) +
                 " clients");
}

}  // namespace aerie::simulation
