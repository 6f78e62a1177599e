#pragma once

#include "http/date_line.hpp"
#include "http/head_parser.hpp"
#include "http/trusted_proxies.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/server_options.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

class Connection;
class Hub;
struct Parcel;

/// What the connections of all shards share.
class HubOwner : public std::enable_shared_from_this<HubOwner> {
 public:
  virtual ~HubOwner() = default;
  virtual ServerOptions const& options() const noexcept = 0;
  /// Who answers the requests.
  virtual Service& service() noexcept = 0;
  virtual Hub& hub_of(core::Shard& shard) noexcept = 0;
  /// The server has been destroyed: nothing is served any more.
  virtual bool gone() const noexcept = 0;
  virtual TrustedProxies const& proxies() const noexcept = 0;
  /// The number of connections, all hubs together.
  std::atomic<std::size_t> connections{0};
};

/// One shard's part of a server: its connections, and what they need in turn. Belongs to the shard.
class Hub {
 public:
  Hub(HubOwner& owner, core::Shard& shard);
  ~Hub();
  Hub(Hub const&) = delete;
  Hub& operator=(Hub const&) = delete;

  core::Shard& shard() const noexcept { return shard_; }
  HubOwner& owner() const noexcept { return owner_; }
  ServerOptions const& options() const noexcept { return owner_.options(); }
  Service& service() const noexcept { return owner_.service(); }
  TrustedProxies const& proxies() const noexcept { return owner_.proxies(); }

  void serve(std::unique_ptr<core::Stream> stream);
  /// A connection that comes from another shard.
  void receive(Parcel parcel);
  /// Retires a connection.
  void remove(Connection& connection);
  /// Ends all connections; those with a request after its answer.
  void close();
  /// Ends all connections now.
  void abort();

  /// A parser for heads that arrive whole, ready for a new one.
  HeadParser& fresh_parser() noexcept;
  /// `Date: ...` with its line end.
  std::string_view date_line() { return date_line_.at(shard_); }

 private:
  Connection& add(std::unique_ptr<core::Stream> stream);

  HubOwner& owner_;
  core::Shard& shard_;
  HeadParser parser_;
  DateLine date_line_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

}}}  // namespace aerie::v1::http
