#include "gateway/ws_server.hpp"

#include "gateway/ws_connection.hpp"
#include "gateway/ws_handshake.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/evenly.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/engineio/websocket_upgrade.hpp>
#include <aerie/websocket/handshake.hpp>

#include <functional>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

constexpr std::string_view text_line = "Content-Type: text/plain; charset=utf-8\r\n";
/// How often it is looked whether the last handler of a client has ended.
constexpr core::Milliseconds shutdown_interval{1};
constexpr std::string_view no_room = "No more connections\n";

}  // namespace

struct WsServer::Part {
  explicit Part(core::Shard& its_shard)
      : shard(its_shard),
        ids(static_cast<std::uint8_t>(its_shard.index())),
        tasks(its_shard),
        anchor(its_shard),
        far_end(anchor.ref()) {}
  core::Shard& shard;
  core::IdSource ids;
  websocket::KeyHasher hasher;
  std::unordered_map<WsConnection const*, std::shared_ptr<WsConnection>> connections;
  std::unordered_map<WsHandshake const*, std::unique_ptr<WsHandshake>> handshakes;
  WsCounts counts;
  core::TaskContext tasks;
  core::Anchor anchor;
  core::AnchorRef far_end;

  /// A copy, as hooks may disconnect others.
  std::vector<std::shared_ptr<WsConnection>> all() const {
    std::vector<std::shared_ptr<WsConnection>> result;
    result.reserve(connections.size());
    for (auto const& [pointer, connection] : connections)
      result.push_back(connection);
    return result;
  }
};

WsServer::WsServer(Runtime& runtime, WsSettings settings)
    : runtime_(runtime), settings_(std::move(settings)) {
  if (settings_.cors) cors_.emplace(*settings_.cors);
  for (std::size_t i = 0; i < runtime.shard_count(); ++i)
    parts_.push_back(std::make_unique<Part>(runtime.shard(i)));
}

WsServer::~WsServer() {
  closed_.store(true, std::memory_order_relaxed);
  // What is destroyed here may let go of others: never iterate over what that changes.
  for (auto const& part : parts_) {
    std::exchange(part->handshakes, {}).clear();
    for (auto const& [pointer, connection] : std::exchange(part->connections, {}))
      connection->abandon();
  }
}

WsCounts& WsServer::counts(core::Shard const& shard) noexcept {
  return part_of(shard).counts;
}

void WsServer::collect(core::MetricsPage& page) const {
  WsTotals totals;
  for (auto const& part : parts_)
    totals.add(part->counts);
  totals.collect(page);
}

void WsServer::add(BoundGateway const& gateway) {
  for (auto const& route : gateway.routes)
    routes_[route.pattern].push_back(&route);
  for (auto const& route : gateway.any)
    any_.push_back(&route);
  for (auto const& route : gateway.unknown)
    unknown_.push_back(&route);
  for (auto const& route : gateway.connected)
    connected_.push_back(&route);
  // Of all gateways before what is called when a client has left.
  for (auto const& route : gateway.disconnecting)
    disconnected_.insert(disconnected_.begin() + disconnecting_count_++, &route);
  for (auto const& route : gateway.disconnected)
    disconnected_.push_back(&route);
  if (!gateway.connection.guards.empty()) guards_.push_back(&gateway.connection);
}

std::vector<Route const*> const* WsServer::routes_of(std::string_view event) const noexcept {
  auto const found = routes_.find(event);
  return found == routes_.end() ? nullptr : &found->second;
}

// --- Handshakes

bool WsServer::wants(http::RequestHead const& head) const noexcept {
  return head.path() == settings_.path && head.upgrade_requested() &&
         http::list_has_token(head.header("upgrade"), "websocket");
}

bool WsServer::is_full() const noexcept {
  if (runtime_.memory().refuses()) return true;
  auto const most = settings_.adapter.max_connections;
  return most != 0 && clients_count() >= most;
}

void WsServer::begin(http::Exchange& exchange) {
  auto& part = part_of(exchange.shard());
  if (cors_ && settings_.adapter.origin_check && !cors_->allows_handshake(exchange)) {
    part.counts.count(WsRefusal::origin);
    return exchange.respond_and_close(403, text_line, "Origin not allowed\n");
  }
  if (!exchange) return;  // Who was asked about its origin has ended it.
  // Nobody is asked for whom there is no room.
  if (is_full()) {
    part.counts.count(WsRefusal::no_room);
    return exchange.respond_busy(text_line, no_room);
  }
  auto connection = std::make_shared<WsConnection>(*this, part.shard, part.ids.next(), exchange.head(),
                                                   exchange.peer().address());
  if (guards_.empty()) return accept(exchange, connection);
  auto handshake = std::make_unique<WsHandshake>(*this, exchange, std::move(connection));
  auto& kept = *handshake;
  part.handshakes.emplace(&kept, std::move(handshake));
  kept.start();
}

void WsServer::accept(http::Exchange& exchange, std::shared_ptr<WsConnection> const& connection) {
  auto& part = part_of(connection->shard());
  if (closed_.load(std::memory_order_relaxed) || is_full()) {
    part.counts.count(WsRefusal::no_room);
    return exchange.respond_busy(text_line, no_room);
  }
  auto accepted = engineio::accept_websocket(exchange, {}, part.hasher);
  if (!accepted.stream) return;
  part.connections.emplace(connection.get(), connection);
  count_.fetch_add(1, std::memory_order_relaxed);
  part.counts.opened.add();
  connection->open(std::move(accepted.stream), std::move(accepted.already_read));
}

void WsServer::forget(WsHandshake& handshake) {
  // Not here and now: its own task calls this as the last thing it does.
  auto& part = part_of(*core::Shard::current());
  auto const found = part.handshakes.find(&handshake);
  if (found == part.handshakes.end()) return;
  part.shard.retire(std::move(found->second));
  part.handshakes.erase(found);
}

void WsServer::forget(WsConnection const& connection) {
  part_of(connection.shard()).connections.erase(&connection);
}

void WsServer::report_slow_consumer(WsConnection const& connection, bool shed) {
  auto const text =
      core::concat("client ", connection.id(), " takes less than it is sent: closed as a slow consumer");
  runtime_.log().debug("websocket", text);
  if (shed) return;  // Why is in the log already.
  runtime_.log().write_once(LogLevel::warning, "websocket", "outgoing_limit",
                            core::concat(text, ". More than WsAdapterOptions::outgoing_limit (",
                                         std::to_string(options().outgoing_limit),
                                         " bytes) was waiting; for further ones see the level debug"));
}

// --- All clients

bool WsServer::broadcast(std::string_view text) {
  auto const shared = std::make_shared<std::string const>(text);
  bool everywhere = true;
  for (auto const& part : parts_) {
    auto send = [&part = *part, shared] {
      for (auto const& [pointer, connection] : part.connections)
        connection->send_text(*shared);
    };
    if (part->far_end.here() != nullptr) {
      send();
    } else {
      everywhere = part->far_end.try_post(shared->size(), std::move(send)) && everywhere;
    }
  }
  return everywhere;
}

void WsServer::drain(core::Milliseconds spread, std::function<void()> const& done) {
  closed_.store(true, std::memory_order_relaxed);
  for (auto const& part : parts_) {
    part->far_end.run([&part = *part, spread, done] {
      core::start(drain(part, spread), part.tasks, [done](core::Outcome<void>&&) noexcept { done(); });
    });
  }
}

Task<void> WsServer::drain(Part& part, core::Milliseconds spread) {
  auto const all = part.all();
  auto each = [&](std::size_t i) { all[i]->shut_down_when_done(); };
  UniqueFunction<void(std::size_t)> one_by_one(std::ref(each));
  co_await core::evenly(part.shard, all.size(), spread, std::move(one_by_one));
  while (!shut_down_those_done(all))
    co_await sleep_for(shutdown_interval);
}

void WsServer::close(core::Milliseconds patience, std::function<void()> const& done) {
  closed_.store(true, std::memory_order_relaxed);
  for (auto const& part : parts_) {
    // Not within a handler that is about to answer.
    part->far_end.post([&part = *part, patience, done] {
      core::start(close_all(part, patience), part.tasks, [done](core::Outcome<void>&&) noexcept { done(); });
    });
  }
}

bool WsServer::shut_down_those_done(std::vector<std::shared_ptr<WsConnection>> const& connections) {
  auto all_done = true;
  for (auto const& connection : connections)
    all_done = connection->shut_down_when_done() && all_done;
  return all_done;
}

Task<void> WsServer::close_all(Part& part, core::Milliseconds patience) {
  std::vector<WsHandshake*> handshakes;
  for (auto const& [pointer, handshake] : part.handshakes)
    handshakes.push_back(handshake.get());
  // These are only destroyed at the end of the turn.
  for (auto* const handshake : handshakes)
    handshake->give_up();
  auto const all = part.all();
  auto const deadline = part.shard.now() + patience;
  while (!shut_down_those_done(all) && part.shard.now() < deadline)
    co_await sleep_for(shutdown_interval);
  for (auto const& connection : all)
    connection->shut_down();
}

}}}  // namespace aerie::v1::gateway
