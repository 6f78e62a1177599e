#pragma once

/// \file
/// Looks whether clients and gateways keep to the contract, and tells the log of those that do not.

#include <aerie/core/log.hpp>
#include <aerie/gateway/contract_watch.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/socketio/socket.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// Texts that were seen, so many and no more. Thread-safe.
class SeenTexts {
 public:
  static constexpr std::size_t most = 100;

  /// True for one that is new, unless there are too many.
  bool add(std::string_view text);

 private:
  std::mutex mutex_;
  std::set<std::string, std::less<>> seen_;
};

/// The events that the gateways of one namespace, or of one pattern, say they send. Filled at the start, then
/// read by any thread.
class DeclaredEvents {
 public:
  explicit DeclaredEvents(std::string nsp) : nsp_(std::move(nsp)) {}

  void add(GatewayDescription const& gateway);
  /// Warns of an event that is none of them.
  void check(std::string_view event, Logger const& log);

 private:
  std::string nsp_;
  /// What the framework itself sends of errors.
  std::set<std::string, std::less<>> events_{"exception"};
  SeenTexts reported_;
};

/// Belongs to the servers of an application; its clients are seen on their shards.
class ContractWatch {
 public:
  ContractWatch(ContractWatchOptions options, Logger const& log) : options_(std::move(options)), log_(log) {}

  /// A client has connected.
  void see(Socket& socket, std::shared_ptr<DeclaredEvents> const& declared);

 private:
  void check_hash(Socket const& socket);

  ContractWatchOptions options_;
  Logger const& log_;
  SeenTexts hashes_;
};

}}}  // namespace aerie::v1::gateway
