#include "engineio/shard_engine.hpp"

#include "engineio/polling_transport.hpp"
#include "engineio/websocket_transport.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/http/compression.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

ShardEngine::ShardEngine(Server& server, core::Shard& shard)
    : server_(server), shard_(shard), ids_(static_cast<std::uint8_t>(shard.index())) {
  auto const& options = server.options();
  handshake_tail_ = core::concat("],\"pingInterval\":", std::to_string(options.ping_interval.count()),
                                 ",\"pingTimeout\":", std::to_string(options.ping_timeout.count()),
                                 ",\"maxPayload\":", std::to_string(options.max_http_buffer_size), "}");
}

ShardEngine::~ShardEngine() = default;

Session* ShardEngine::find(std::string_view id) const {
  return sessions_.find(id);
}

bool ShardEngine::full() const noexcept {
  auto const most = options().max_sessions;
  return most != 0 && server_.clients_count() >= most;
}

Session& ShardEngine::add(http::Exchange& exchange, core::Id id) {
  auto session = std::make_unique<Session>(*this, id, exchange.head(), exchange.peer(), exchange.secure());
  auto& added = *session;
  sessions_.insert(std::move(session));
  server_.clients_.fetch_add(1, std::memory_order_relaxed);
  return added;
}

void ShardEngine::opened(Session& session) {
  if (server_.hooks.connection) server_.hooks.connection(session);
}

void ShardEngine::open_polling(http::Exchange& exchange, core::Id id, std::string headers) {
  append_cookie(headers, id);
  auto& session = add(exchange, id);
  auto transport = std::make_unique<PollingTransport>(*this, session);
  auto& polling = *transport;
  session.open_with(std::move(transport));
  polling.on_request(exchange, std::move(headers));
  polling.flush();
  opened(session);
}

AcceptedWebSocket ShardEngine::accept(http::Exchange& exchange, std::string const& headers) {
  return accept_websocket(exchange, {.deflate = options().per_message_deflate}, hasher_, headers);
}

void ShardEngine::open_websocket(http::Exchange& exchange, core::Id id, std::string const& headers) {
  // Made before the exchange is gone; dropped again if the handshake fails.
  auto& session = add(exchange, id);
  auto accepted = accept(exchange, headers);
  if (!accepted.stream) {
    remove(session);
    return;
  }
  auto transport =
      std::make_unique<WebSocketTransport>(*this, session, std::move(accepted.stream), accepted.deflate);
  auto& websocket = *transport;
  session.open_with(std::move(transport));
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

void ShardEngine::close_all() {
  // Closing one may close others, by way of handlers: never iterate over what they change.
  std::vector<core::Id> ids;
  ids.reserve(sessions_.size());
  sessions_.for_each([&](Session const& session) { ids.emplace_back(session.id()); });
  for (auto const& id : ids) {
    if (auto* const session = find(id)) session->close(true);
  }
}

std::string ShardEngine::handshake_packet(Session const& session) {
  auto const& options = server_.options();
  auto const upgradable =
      session.transport() == TransportKind::polling && options.allow_upgrades &&
      std::ranges::find(options.transports, TransportKind::websocket) != options.transports.end();
  return core::concat("{\"sid\":\"", session.id(), "\",\"upgrades\":[", upgradable ? "\"websocket\"" : "",
                      handshake_tail_);
}

void ShardEngine::compress(http::RequestHead const& request, std::string& payload,
                           std::string& headers) const {
  auto const& threshold = options().http_compression;
  if (!threshold || payload.size() < *threshold) return;
  auto const coding = http::choose_coding(request.header("accept-encoding"));
  if (coding == http::ContentCoding::identity) return;
  std::string compressed;
  http::compress(coding, payload, compressed);
  payload = std::move(compressed);
  headers += core::concat("Content-Encoding: ", http::to_string(coding), "\r\n");
}

void ShardEngine::append_cookie(std::string& headers, std::string_view id) const {
  auto const& cookie = options().cookie;
  if (!cookie) return;
  headers += core::concat("Set-Cookie: ", cookie->name, "=", id);
  if (!cookie->path.empty()) headers += core::concat("; Path=", cookie->path);
  if (cookie->http_only) headers += "; HttpOnly";
  if (!cookie->same_site.empty()) headers += core::concat("; SameSite=", cookie->same_site);
  headers += "\r\n";
}

void ShardEngine::closed(Session& session, CloseReason reason) {
  if (server_.hooks.close) server_.hooks.close(session, reason);
}

void ShardEngine::remove(Session& session) {
  auto owned = sessions_.take(session.id());
  if (!owned) return;
  server_.clients_.fetch_sub(1, std::memory_order_relaxed);
  server_.release(owned->id());
  shard_.retire(std::move(owned));
}

void ShardEngine::report_slow_consumer(Session const& session) {
  auto const text =
      core::concat("session ", session.id(), " takes less than it is sent: closed as a slow consumer");
  auto& log = server_.runtime().log();
  if (server_.slow_consumer_seen_.exchange(true, std::memory_order_relaxed))
    return log.debug("engine.io", text);
  // One line tells which setting it is; one for each such client would be another client's to write.
  log.warning("engine.io", core::concat(text, ". More than ServerOptions::outgoing_limit (",
                                        std::to_string(options().outgoing_limit),
                                        " bytes) was waiting; further ones are logged at debug only"));
}

void ShardEngine::upgrading(Session& session) {
  if (server_.hooks.upgrading) server_.hooks.upgrading(session);
}

void ShardEngine::upgraded(Session& session) {
  if (server_.hooks.upgrade) server_.hooks.upgrade(session);
}

}}}  // namespace aerie::v1::engineio
