#include "engineio/shard_engine.hpp"

#include "engineio/cookie.hpp"
#include "engineio/jsonp_transport.hpp"
#include "engineio/polling_transport.hpp"
#include "engineio/transport_types.hpp"
#include "engineio/websocket_transport.hpp"

#include <aerie/core/evenly.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/http/cookie.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

/// How often a session that does not want to end yet is asked again.
constexpr core::Milliseconds shutdown_interval{1};
/// Long enough for a client to read what came before, and too short for anybody to notice.
constexpr core::Milliseconds until_opened{10};

std::string handshake_tail(ServerOptions const& options, TransportKind transport) {
  std::string upgrades;
  for (auto const kind : options.transports) {
    if (!options.allow_upgrades || !can_upgrade(transport, kind)) continue;
    upgrades += core::concat(upgrades.empty() ? "\"" : ",\"", to_string(kind), "\"");
  }
  return core::concat("\",\"upgrades\":[", upgrades,
                      "],\"pingInterval\":", std::to_string(options.ping_interval.count()),
                      ",\"pingTimeout\":", std::to_string(options.ping_timeout.count()),
                      ",\"maxPayload\":", std::to_string(options.max_http_buffer_size), "}");
}

/// A query with room for more than the protocol's own parameters has what other clients have not: the time, a
/// number, a user.
http::KeptHeads::Target target_of(http::RequestHead const& head) noexcept {
  constexpr std::string_view usual = "EIO=4&transport=websocket";
  return head.query().size() <= usual.size() ? http::KeptHeads::Target::common : http::KeptHeads::Target::own;
}

}  // namespace

void ShardEngine::Place::give_back(ServerState& server, std::string_view id, std::string_view address) {
  server.admission.leave(address);
  if (server.directory) server.directory->release(id);
}

ShardEngine::ShardEngine(ServerState& server, core::Shard& shard)
    : server_(server),
      shard_(shard),
      ids_(static_cast<std::uint8_t>(shard.index())),
      held_(shard.account(), 0),
      heap_trim_(shard),
      heads_(shard.account()),
      compressor_memory_(shard.account(), 0),
      deflate_contexts_(server.options.per_message_deflate, shard.account()),
      sessions_(SessionHash{static_cast<bool>(server.options.generate_id)}),
      tasks_(shard),
      anchor_(shard),
      far_end_(anchor_.ref()) {
  handshake_tails_.resize(transport_types().size());
  for (auto const& type : transport_types())
    handshake_tails_.at(static_cast<std::size_t>(type.kind)) = handshake_tail(server.options, type.kind);
}

ShardEngine::~ShardEngine() {
  while (!flows_.empty()) {
    auto* const flow = &flows_.front();
    flow->unlink();
    delete flow;
  }
}

void ShardEngine::abandon() noexcept {
  anchor_.cut();
  tasks_.abandon();
  while (!flows_.empty()) {
    auto& flow = flows_.front();
    flow.abandon();
    forget(flow);
  }
  sessions_.for_each([](Session& session) { session.abandon(); });
}

// --- Requests

void ShardEngine::begin(http::Exchange& exchange, std::string headers) {
  auto& flow = *new RequestFlow(*this, exchange, std::move(headers));
  flows_.push_back(flow);
  flow.start();
}

void ShardEngine::forget(RequestFlow& flow) {
  if (!flow.linked()) return;
  flow.unlink();
  shard_.retire(std::unique_ptr<RequestFlow>(&flow));
}

// --- Sessions

Session* ShardEngine::find(std::string_view id) const {
  return sessions_.find(id);
}

std::optional<ShardEngine::Place> ShardEngine::take_place(http::Exchange const& exchange, core::Id id) {
  if (server_.closed.load(std::memory_order_relaxed)) {
    refused(Refusal::closing);
    return std::nullopt;
  }
  if (shard_.runtime().memory().refuses()) {
    refused(Refusal::memory);
    return std::nullopt;
  }
  auto& admission = server_.admission;
  std::string address;
  if (admission.counts_addresses()) address = exchange.peer().address();
  using enum Admission::Verdict;
  switch (admission.enter(address, shard_.now())) {
    case admitted:
      return std::optional<Place>(std::in_place, server_, id, std::move(address));
    case too_many:
      report_full();
      break;
    case too_many_of_address:
      refused(Refusal::address);
      log().write_once(
          LogLevel::warning, "engine.io", "max_sessions_per_address",
          core::concat("a client was refused, as ", address,
                       " has as many sessions as ServerOptions::max_sessions_per_address allows"));
      break;
    case too_fast:
      refused(Refusal::address_rate);
      log().write_once(LogLevel::warning, "engine.io", "max_new_sessions_per_address",
                       core::concat("a client was refused, as ", address,
                                    " has opened as many sessions within a second as ",
                                    "ServerOptions::max_new_sessions_per_address allows"));
      break;
  }
  return std::nullopt;
}

bool ShardEngine::full() {
  if (shard_.runtime().memory().refuses()) {
    refused(Refusal::memory);
    return true;
  }
  if (!server_.admission.full()) return false;
  report_full();
  return true;
}

void ShardEngine::report_full() {
  refused(Refusal::too_many);
  log().write_once(LogLevel::warning, "engine.io", "max_sessions",
                   core::concat("a client was refused, as ", std::to_string(server_.admission.limit()),
                                " sessions are open: see ServerOptions::max_sessions, which is the limit of "
                                "descriptors (ulimit -n) unless it is set"));
}

/// A debug line. Not the session's id: who knows it can speak for its client.
void ShardEngine::tell(std::string_view what, TransportKind transport) const {
  if (!log().enabled(LogLevel::debug)) return;
  log().debug("engine.io", core::concat("a session ", what, " on ", to_string(transport)));
}

std::unique_ptr<Session> ShardEngine::make_session(http::Exchange const& exchange, core::Id id,
                                                   Dialect dialect) {
  return std::make_unique<Session>(*this, id, exchange.head(), exchange.peer(), exchange.secure(), dialect);
}

void ShardEngine::add(std::unique_ptr<Session> session, Place& place) {
  auto& added = *session;
  added.request_ = heads_.keep(added.request_, target_of(added.request_));
  if (server_.admission.counts_addresses()) addresses_.emplace(&added, place.address());
  sessions_.insert(std::move(session));
  counts_.open[static_cast<std::size_t>(added.transport())].add();
  counts_.opened.add();
  tell("opens", added.transport());
  place.keep();
  hold(added.memory());
}

void ShardEngine::opened(Session& session) {
  auto const& hook = server_.hooks.connection;
  // Without a handler nobody is there for the client, however long it stays.
  if (hook && !call("the connection hook", hook, session) && session.handler() == nullptr)
    session.close(true);
}

template <class Polling, class... Args>
void ShardEngine::open_by_polling(http::Exchange& exchange, Place&& place, Dialect dialect,
                                  std::string headers, Args const&... args) {
  append_cookie(headers, place.id());
  auto made = make_session(exchange, place.id(), dialect);
  auto& session = *made;
  auto transport = std::make_unique<Polling>(*this, session, args...);
  auto& polling = *transport;
  session.open_with(std::move(transport));
  add(std::move(made), place);
  polling.answer_handshake(exchange, std::move(headers));
  opened(session);
}

void ShardEngine::open_polling(http::Exchange& exchange, Place&& place, Dialect dialect,
                               std::string headers) {
  open_by_polling<PollingTransport>(exchange, std::move(place), dialect, std::move(headers));
}

void ShardEngine::open_jsonp(http::Exchange& exchange, Place&& place, Dialect dialect,
                             std::string_view function, std::string headers) {
  open_by_polling<JsonpTransport>(exchange, std::move(place), dialect, std::move(headers), function);
}

AcceptedWebSocket ShardEngine::accept(http::Exchange& exchange, std::string const& headers) {
  return accept_websocket(exchange, {.deflate = options().per_message_deflate}, hasher_, headers);
}

void ShardEngine::open_websocket(http::Exchange& exchange, Place&& place, Dialect dialect,
                                 std::string const& headers) {
  // Made before the exchange is gone.
  auto made = make_session(exchange, place.id(), dialect);
  auto accepted = accept(exchange, headers);
  if (!accepted.stream) return;
  if (dialect.protocol == Protocol::v4) return open_accepted(std::move(made), place, accepted);
  accepted.stream->pause_reading();
  core::start(open_apart(std::move(made), std::move(place), std::move(accepted)), tasks_,
              [](core::Outcome<void>&&) noexcept {});
}

/// Opens a session of protocol 3 when its client has heard that the WebSocket is open. Who awaits that, as
/// scripts on Node.js do, misses what comes in the same read; in protocol 4 he hears of pings all the same,
/// but here the server says nothing until it is spoken to.
Task<void> ShardEngine::open_apart(std::unique_ptr<Session> made, Place place, AcceptedWebSocket accepted) {
  co_await sleep_for(until_opened);
  if (accepted.stream->closed()) co_return;
  if (server_.closed.load(std::memory_order_relaxed)) {
    core::Stream::finish(std::move(accepted.stream));
    co_return;
  }
  accepted.stream->resume_reading();
  open_accepted(std::move(made), place, accepted);
}

void ShardEngine::open_accepted(std::unique_ptr<Session> made, Place& place, AcceptedWebSocket& accepted) {
  auto& session = *made;
  auto transport =
      std::make_unique<WebSocketTransport>(*this, session, std::move(accepted.stream), accepted.deflate);
  auto& websocket = *transport;
  session.open_with(std::move(transport));
  add(std::move(made), place);
  opened(session);
  websocket.begin(accepted.already_read);
}

void ShardEngine::upgrade(http::Exchange& exchange, Session& session, std::string const& headers) {
  auto accepted = accept(exchange, headers);
  if (!accepted.stream) return;
  auto transport =
      std::make_unique<WebSocketTransport>(*this, session, std::move(accepted.stream), accepted.deflate);
  auto& websocket = *transport;
  if (session.begin_upgrade(std::move(transport))) websocket.begin(accepted.already_read);
}

std::vector<core::Id> ShardEngine::session_ids() const {
  std::vector<core::Id> ids;
  ids.reserve(sessions_.size());
  sessions_.for_each([&](Session const& session) { ids.emplace_back(session.id()); });
  return ids;
}

void ShardEngine::close_soon() {
  far_end_.run([this] { close_all(); });
}

void ShardEngine::close_all() {
  // Closing one may close others, by way of handlers: never iterate over what they change.
  for (auto const& id : session_ids()) {
    if (auto* const session = find(id)) session->close(true);
  }
}

bool ShardEngine::agrees_to_shut_down(Session& session) {
  auto agrees = true;
  if (auto* const handler = session.handler())
    call("the shutdown handler", [&] { agrees = handler->on_shut_down(); });
  return agrees;
}

void ShardEngine::close_soon(core::Milliseconds patience, std::function<void()> done) {
  // Not within a handler that is about to answer.
  far_end_.post([this, patience, done = std::move(done)] {
    core::start(close_all(patience), tasks_, [done](core::Outcome<void>&&) noexcept { done(); });
  });
}

Task<void> ShardEngine::close_all(core::Milliseconds patience) {
  // Any of these calls may end any session.
  auto ids = session_ids();
  std::erase_if(ids, [this](core::Id const& id) {
    auto* const session = find(id.view());
    if (session != nullptr && session->state() == Session::State::open && !agrees_to_shut_down(*session))
      return false;
    if (auto* const still_there = find(id.view())) still_there->close(true);
    return true;
  });
  // The others are sent what they have waited for, and a polling client has to come for it.
  auto const deadline = shard_.now() + patience;
  while (!ids.empty() && shard_.now() < deadline) {
    co_await sleep_for(shutdown_interval);
    std::erase_if(ids, [this](core::Id const& id) {
      auto* const session = find(id.view());
      if (session != nullptr && session->state() == Session::State::open && agrees_to_shut_down(*session))
        session->close();
      return find(id.view()) == nullptr;
    });
  }
  // Those that have come while we waited, too.
  close_all();
}

void ShardEngine::drain_soon(core::Milliseconds spread, std::function<void()> done) {
  far_end_.run([this, spread, done = std::move(done)] {
    core::start(drain(spread), tasks_, [done](core::Outcome<void>&&) noexcept { done(); });
  });
}

Task<void> ShardEngine::drain(core::Milliseconds spread) {
  auto const ids = session_ids();
  std::vector<core::Id> busy;
  auto const leaves = [this](core::Id const& id) {
    auto* const session = find(id.view());
    if (session != nullptr && session->state() == Session::State::open && !agrees_to_shut_down(*session))
      return false;
    // That may have ended it.
    if (auto* const still_there = find(id.view())) still_there->close();
    return true;
  };
  auto each = [&](std::size_t i) {
    if (!leaves(ids[i])) busy.push_back(ids[i]);
  };
  UniqueFunction<void(std::size_t)> one_by_one(std::ref(each));
  co_await core::evenly(shard_, ids.size(), spread, std::move(one_by_one));
  while (!busy.empty()) {
    co_await sleep_for(shutdown_interval);
    std::erase_if(busy, leaves);
  }
}

std::string ShardEngine::handshake_packet(Session const& session) {
  auto const& tail = handshake_tails_[static_cast<std::size_t>(session.transport())];
  return core::concat("{\"sid\":\"", session.id(), tail);
}

void ShardEngine::compress(http::RequestHead const& request, std::string& payload, std::string& headers) {
  auto const& threshold = options().http_compression;
  if (!threshold || payload.size() < *threshold) return;
  headers += "Vary: Accept-Encoding\r\n";
  auto const coding = http::choose_coding(request.header("accept-encoding"));
  if (coding == http::ContentCoding::identity) return;
  std::string compressed;
  compressor_.compress(coding, payload, compressed);
  compressor_memory_.resize(compressor_.memory());
  payload = std::move(compressed);
  headers += core::concat("Content-Encoding: ", http::to_string(coding), "\r\n");
}

void ShardEngine::append_cookie(std::string& headers, std::string_view id) const {
  if (auto const& cookie = options().cookie)
    headers +=
        core::concat("Set-Cookie: ", http::set_cookie(cookie->name, id, attributes_of(*cookie)), "\r\n");
}

void ShardEngine::closed(Session& session, CloseReason reason) {
  counts_.closed[static_cast<std::size_t>(reason)].add();
  if (log().enabled(LogLevel::debug))
    tell(core::concat("ends (", to_string(reason), ")"), session.transport());
  if (server_.hooks.close) call("the close hook", server_.hooks.close, session, reason);
}

void ShardEngine::remove(Session& session) {
  auto owned = sessions_.take(session.id());
  if (!owned) return;
  counts_.open[static_cast<std::size_t>(owned->transport())].subtract();
  if (server_.admission.counts_addresses()) {
    auto const address = addresses_.extract(&session);
    Place::give_back(server_, owned->id(), address ? std::string_view(address.mapped()) : std::string_view());
  } else {
    Place::give_back(server_, owned->id(), {});
  }
  release(owned->memory());
  heads_.let_go(owned->request());
  shard_.retire(std::move(owned));
}

void ShardEngine::upgrading(Session& session) {
  if (server_.hooks.upgrading) call("the upgrading hook", server_.hooks.upgrading, session);
}

void ShardEngine::upgraded(Session& session) {
  counts_.open[static_cast<std::size_t>(TransportKind::polling)].subtract();
  counts_.open[static_cast<std::size_t>(session.transport())].add();
  counts_.upgraded.add();
  tell("goes on", session.transport());
  if (server_.hooks.upgrade) call("the upgrade hook", server_.hooks.upgrade, session);
}

void ShardEngine::report_slow_consumer(Session const& session, bool shed) {
  auto const text =
      core::concat("session ", session.id(), " takes less than it is sent: closed as a slow consumer");
  log().debug("engine.io", text);
  if (shed) return;  // Why is in the log already.
  server_.slow_consumers.fetch_add(1, std::memory_order_relaxed);
  log().write_once(LogLevel::warning, "engine.io", "outgoing_limit",
                   core::concat(text, ". More than ServerOptions::outgoing_limit (",
                                std::to_string(options().outgoing_limit),
                                " bytes) was waiting; for further ones see the level debug"));
}

}}}  // namespace aerie::v1::engineio
