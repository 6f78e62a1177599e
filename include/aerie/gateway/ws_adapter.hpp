#pragma once

/// \file
/// Gateways on plain WebSockets, for clients that do not speak Socket.IO.
///
///     app.use_websocket_adapter<aerie::WsAdapter>();
///
/// Messages are JSON texts: `{"event": "join", "data": {...}}`. What a handler returns is sent back: an
/// aerie::Event as `{"event": ..., "data": ...}`, any other value but null as its JSON alone, as there are no
/// acknowledgements. Errors are `{"event": "exception", "data": {...}}`. What is no such message, or has an
/// event that nobody handles, is dropped without a word (the log knows at level debug).
///
/// There are no namespaces: gateways tell each other apart by `GatewayOptions::path`, "/" by default, which a
/// client must name exactly. HTTP requests to the same paths go to controllers and files as ever.
/// https://docs.nestjs.com/websockets/adapter#ws-library

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/gateway/ws_client.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace gateway {
class WsServers;
}

/// A client's message: what is to be handled, and with which payload (undefined if there is none).
struct WsMessage {
  /// The name of the handler's event.
  std::string event;
  /// Its payload.
  Value data{};
};

/// Durations are between 1 ms and 24 days, sizes between 1 byte and 1 GiB; the start fails for others.
struct WsAdapterOptions {
  /// Reads messages instead of the adapter: any frame's bytes, nothing for what is to be dropped. What it
  /// throws drops the message, too. Called on the shard of the client.
  std::function<std::optional<WsMessage>(std::string_view frame, bool is_binary)> message_parser{};
  /// Bytes of one message; more ends the connection with 1009. A gateway's `max_http_buffer_size` counts
  /// instead if it has one.
  std::size_t max_message_size = 1'000'000;
  /// Bytes that may wait for a client that is behind. One that leaves more is disconnected as a slow
  /// consumer; a turn may send any amount to one that is not behind: see core::Backlog.
  std::size_t outgoing_limit = 1024 * 1024;
  /// Messages of one client that may be in the making at once: more are not read from its connection
  /// meanwhile.
  std::size_t max_pending_messages = 1000;
  /// A ping is sent this often, and a client that sends nothing for `ping_timeout` after one is disconnected.
  /// Gateways may set their own.
  core::Milliseconds ping_interval{25'000};
  /// How long a client may be silent after a ping.
  core::Milliseconds ping_timeout{20'000};
  /// How long guards of connections may take.
  core::Milliseconds handshake_timeout{30'000};
  /// Connections at once, of each path; 0: no limit. More are answered 503.
  std::size_t max_connections = 0;
  /// Refuse handshakes of browsers' pages from origins that the gateway's CORS settings, or the
  /// application's, do not name. Browsers do not apply CORS to WebSockets.
  bool origin_check = true;
};

/// Thread contract: as WebSocketAdapter. `broadcast` may be called on any thread once the application has
/// started.
class AERIE_API WsAdapter : public WebSocketAdapter {
 public:
  WsAdapter();
  /// Throws gateway::StartError for a duration or size that is out of its range.
  explicit WsAdapter(WsAdapterOptions options);
  ~WsAdapter() override;

  /// Sends an event to every client of a path, on whichever port. Nothing happens if no gateway has that
  /// path. False if the shards do not keep up with a thread of yours: then the event was not passed to all of
  /// them, and it is time to wait (see core::Mailbox::try_post).
  bool broadcast(std::string_view path, std::string_view event, EncodableRef data) const;
  /// How many clients are connected, all paths together. Thread-safe.
  std::size_t clients_count() const noexcept;

  void attach(gateway::AdapterHost const& host) override;
  gateway::TypeId client_type() const noexcept override;
  void bind(std::deque<gateway::BoundGateway>& gateways) override;
  void listen(std::string const& host) override;
  std::string address(gateway::BoundGateway const& gateway) const override;
  http::Server* http_server(std::uint16_t port) const noexcept override;
  void collect(core::MetricsPage& page) const override;
  void drain(core::Milliseconds spread, std::function<void()> done) override;
  void close(std::function<void()> done) override;

 private:
  WsAdapterOptions options_;
  core::Owned<gateway::WsServers> servers_;
};

}}  // namespace aerie::v1
