#pragma once

/// \file
/// Where a client's connections come from: the network by default, or whatever somebody else brings, a test
/// for instance. Belongs to the client's shard.

#include <aerie/core/api.hpp>
#include <aerie/core/connector.hpp>
#include <aerie/core/memory_stream.hpp>
#include <aerie/core/shard.hpp>

#include <functional>
#include <memory>
#include <string>

namespace aerie { inline namespace v1 { namespace client {

/// A connection that is being made. Destroying it gives it up, and nobody is called.
class AERIE_API Dialing {
 public:
  virtual ~Dialing() = default;
};

/// Makes the connections of a client: by default over TCP. Used on the client's event loop.
class AERIE_API Dialer {
 public:
  virtual ~Dialer() = default;
  /// Makes a connection to the server, and calls `done` once, in a later turn; with TLS its handshake goes on
  /// within the stream.
  virtual std::unique_ptr<Dialing> dial(core::Connector::Done done) = 0;
};

/// Makes connections in memory, for tests.
class AERIE_API MemoryDialer final : public Dialer {
 public:
  /// Is given the far end of each connection, in a turn of the client's. It returns why there is none after
  /// all, or nothing.
  using Accept = std::function<std::string(core::MemoryClient far_end)>;

  /// `shard` is the client's: the first of the runtime that its manager is given.
  MemoryDialer(core::Shard& shard, Accept accept);
  ~MemoryDialer() override;
  std::unique_ptr<Dialing> dial(core::Connector::Done done) override;

 private:
  core::Shard& shard_;
  std::shared_ptr<Accept const> accept_;
};

}}}  // namespace aerie::v1::client
