#pragma once

/// \file
/// One path of one port: its gateways and their clients.

#include "gateway/ws_counts.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/exchange.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class WsConnection;
class WsHandshake;

/// What a server's options have come to.
struct WsSettings {
  WsAdapterOptions adapter;
  std::string path;
  std::optional<http::CorsOptions> cors;
};

class WsServer final : public http::Service {
 public:
  WsServer(Runtime& runtime, WsSettings settings);
  ~WsServer() override;

  /// Before it is mounted.
  void add(BoundGateway const& gateway);

  // --- http::Service
  void begin(http::Exchange& exchange) override;
  bool wants(http::RequestHead const& head) const noexcept override;
  std::string_view name() const override { return "WebSocket"; }

  /// Any thread. False if a shard has too much waiting to be told.
  bool broadcast(std::string_view text);
  std::size_t clients_count() const noexcept { return count_.load(std::memory_order_relaxed); }
  /// Any thread.
  void collect(core::MetricsPage& page) const;
  /// Takes no more clients and disconnects those there are, one after the other within `spread`; `done` is
  /// called once per shard, on that shard.
  void drain(core::Milliseconds spread, std::function<void()> const& done);
  /// Disconnects everybody; `done` is called once per shard, on that shard.
  void close(core::Milliseconds patience, std::function<void()> const& done);

  // --- For its connections, on their shard
  WsAdapterOptions const& options() const noexcept { return settings_.adapter; }
  Runtime& runtime() const noexcept { return runtime_; }
  std::vector<Route const*> const* routes_of(std::string_view event) const noexcept;
  std::vector<Route const*> const& any() const noexcept { return any_; }
  std::vector<Route const*> const& unknown() const noexcept { return unknown_; }
  std::vector<Route const*> const& guards() const noexcept { return guards_; }
  std::vector<Route const*> const& connected() const noexcept { return connected_; }
  std::vector<Route const*> const& disconnected() const noexcept { return disconnected_; }
  /// Ends the handshake: opens the connection, or answers that there is no room.
  void accept(http::Exchange& exchange, std::shared_ptr<WsConnection> const& connection);
  WsCounts& counts(core::Shard const& shard) noexcept;
  void report_slow_consumer(WsConnection const& connection, bool shed);
  void left() noexcept { count_.fetch_sub(1, std::memory_order_relaxed); }
  void forget(WsConnection const& connection);
  void forget(WsHandshake& handshake);

 private:
  /// What belongs to one shard.
  struct Part;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  Part& part_of(core::Shard const& shard) noexcept { return *parts_[shard.index()]; }
  bool is_full() const noexcept;
  static Task<void> drain(Part& part, core::Milliseconds spread);
  static Task<void> close_all(Part& part, core::Milliseconds patience);
  static bool shut_down_those_done(std::vector<std::shared_ptr<WsConnection>> const& connections);

  Runtime& runtime_;
  WsSettings settings_;
  std::optional<http::Cors> cors_;
  std::unordered_map<std::string, std::vector<Route const*>, TextHash, std::equal_to<>> routes_;
  std::vector<Route const*> any_;
  std::vector<Route const*> unknown_;
  std::vector<Route const*> guards_;
  std::vector<Route const*> connected_;
  std::vector<Route const*> disconnected_;
  std::ptrdiff_t disconnecting_count_ = 0;
  std::vector<std::unique_ptr<Part>> parts_;
  std::atomic<std::size_t> count_{0};
  std::atomic<bool> closed_{false};
};

}}}  // namespace aerie::v1::gateway
