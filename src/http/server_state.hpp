#pragma once

#include "http/dispatcher.hpp"
#include "http/hub.hpp"

#include <aerie/core/listener.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/http/server_options.hpp>
#include <aerie/tls/context.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// What stands behind a Server. Tasks on their way between shards keep it alive.
class ServerState final : public HubOwner {
 public:
  /// Throws std::invalid_argument for impossible options.
  ServerState(Runtime& runtime, ServerOptions options);
  ~ServerState() override;

  ServerOptions const& options() const noexcept override { return options_; }
  Service& service() noexcept override { return dispatcher_; }
  Hub& hub_of(core::Shard& shard) noexcept override { return *hubs_[shard.index()]; }
  bool gone() const noexcept override { return gone_.load(std::memory_order_relaxed); }

  TrustedProxies const& proxies() const noexcept override { return proxies_; }

  Runtime& runtime() noexcept { return runtime_; }
  Dispatcher& dispatcher() noexcept { return dispatcher_; }
  void set_destroy_upgrade_timeout(std::optional<core::Milliseconds> timeout) noexcept {
    options_.destroy_upgrade_timeout = timeout;
  }

  void listen(std::uint16_t port, std::string const& host);
  std::uint16_t port() const noexcept { return port_.load(std::memory_order_acquire); }
  bool listening() const noexcept { return listening_.load(std::memory_order_acquire); }
  void stop_listening();
  void close();
  /// Ends everything now and lets go of `state`: within a turn, when the turn is over, as what calls this may
  /// be one of its handlers. REQUIRES: the runtime is not running, or this is its only shard's thread.
  static void end(std::shared_ptr<ServerState> state);
  void reload_certificates();

 private:
  std::shared_ptr<ServerState> self() { return std::static_pointer_cast<ServerState>(shared_from_this()); }
  void accepted(core::AcceptedSocket socket);
  void open(Hub& hub, core::AcceptedSocket socket);
  void close_listeners();
  std::shared_ptr<tls::Context const> tls() const;

  Runtime& runtime_;
  ServerOptions options_;
  TrustedProxies proxies_;
  Dispatcher dispatcher_;
  std::vector<std::unique_ptr<Hub>> hubs_;  // one per shard
  std::vector<std::unique_ptr<core::Listener>> listeners_;
  std::size_t next_hub_ = 0;
  std::atomic<std::uint16_t> port_{0};
  std::atomic<bool> listening_{false};
  std::atomic<bool> gone_{false};
  std::mutex mutable tls_mutex_;
  std::shared_ptr<tls::Context const> tls_;
};

}}}  // namespace aerie::v1::http
