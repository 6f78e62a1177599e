#pragma once

/// \file
/// Where a client's connections come from: the network, or a test. Belongs to one shard.

#include <aerie/client/url.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/connector.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/tls/context.hpp>

#include <memory>

namespace aerie { inline namespace v1 { namespace client {

/// A connection that is being made. Destroying it gives it up, and nobody is called.
class Dialing {
 public:
  virtual ~Dialing() = default;
};

class Dialer {
 public:
  virtual ~Dialer() = default;
  /// Makes a connection to the server, and calls `done` once, in a later turn; with TLS its handshake goes on
  /// within the stream.
  virtual std::unique_ptr<Dialing> dial(core::Connector::Done done) = 0;
};

/// Looks the name up, tries its addresses, and speaks TLS if the URL asks for it.
class NetworkDialer final : public Dialer {
 public:
  /// Throws std::runtime_error if the TLS options cannot be used.
  NetworkDialer(core::Shard& shard, Url const& url, tls::ClientOptions const& tls,
                core::Milliseconds deadline);
  std::unique_ptr<Dialing> dial(core::Connector::Done done) override;

 private:
  core::Shard& shard_;
  core::Address address_;
  std::shared_ptr<tls::Context const> tls_;
  core::Milliseconds deadline_;
};

}}}  // namespace aerie::v1::client
