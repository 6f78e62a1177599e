#pragma once

/// \file
/// How the network is dialled. Belongs to one shard.

#include "client/proxy.hpp"

#include <aerie/client/dialer.hpp>
#include <aerie/client/options.hpp>
#include <aerie/client/url.hpp>
#include <aerie/core/anchor.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/connector.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/tls/context.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace aerie { inline namespace v1 { namespace client {

/// One connection at a time, of whoever is destroyed by `Shard::retire`: once it is given up nobody is
/// called, also in the turn at whose end what was retired goes.
class Dial {
 public:
  explicit Dial(core::Shard& shard) noexcept : shard_(shard) {}
  ~Dial() { cut(); }
  Dial(Dial const&) = delete;
  Dial& operator=(Dial const&) = delete;

  /// Calls `done` once, unless it is cut before. What was under way is given up.
  void begin(Dialer& dialer, core::Connector::Done done);
  void cut() noexcept;

 private:
  core::Shard& shard_;
  std::unique_ptr<Dialing> dialing_;
  std::shared_ptr<bool> wanted_;
};

/// How the network is used.
struct Route {
  ProxyTarget server = {};
  /// Null for a server without TLS.
  std::shared_ptr<tls::Context const> tls = nullptr;
  /// Nothing: straight to the server.
  std::optional<ProxyUrl> proxy = std::nullopt;
  /// Null for a proxy without TLS.
  std::shared_ptr<tls::Context const> proxy_tls = nullptr;
  core::Milliseconds deadline{0};
};

/// Looks the name up, tries its addresses, agrees with the proxy if there is one, and speaks TLS if the URL
/// asks for it.
class NetworkDialer final : public Dialer {
 public:
  /// Throws std::runtime_error if the TLS options cannot be used, std::invalid_argument for a proxy that is
  /// none.
  NetworkDialer(core::Shard& shard, Url const& url, Options const& options);
  std::unique_ptr<Dialing> dial(core::Connector::Done done) override;

 private:
  core::Shard& shard_;
  std::shared_ptr<Route const> route_;
};

/// Over a connection to a proxy, what leads on to the server. Destroying it gives it up. Belongs to the
/// stream's shard.
class Tunnel final : private core::StreamHandler {
 public:
  /// Calls `done` once, in a later turn, after `deadline` at the latest.
  Tunnel(std::unique_ptr<core::Stream> stream, std::unique_ptr<ProxyTalk> talk, core::Milliseconds deadline,
         core::Connector::Done done);
  ~Tunnel() override;

 private:
  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_overflow() override { fail("the proxy takes nothing"); }

  void on_deadline() { fail("the proxy has not answered in time"); }
  void fail(std::string reason);
  void give(core::Connected result);

  core::Shard& shard_;
  core::Anchor anchor_;
  std::unique_ptr<core::Stream> stream_;
  std::unique_ptr<ProxyTalk> talk_;
  core::Connector::Done done_;
  bool is_over_ = false;
  core::Timer deadline_ = core::Timer::calling<&Tunnel::on_deadline>(this);
};

}}}  // namespace aerie::v1::client
