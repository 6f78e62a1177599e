#pragma once

/// \file
/// Outgoing connections: a name is looked up on the worker pool, its addresses are tried in turn, and the
/// first that answers is the stream.

#include <aerie/core/address.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/stream.hpp>

#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// What has become of an attempt to connect.
struct Connected {
  /// Null if it came to nothing.
  std::unique_ptr<Stream> stream = {};
  /// The last thing that went wrong: `timed_out` for the deadline, `address_not_available` for a name that
  /// does not resolve, else what the system said.
  std::error_code error = {};
  /// The same in a sentence, with every address that was tried.
  std::string reason = {};
};

/// What a name stands for, in the order of preference; or nothing, and why.
struct Resolution {
  std::vector<Endpoint> addresses = {};
  std::string error = {};
};

/// Looks a name up, and blocks meanwhile. Called on any thread.
using Lookup = std::function<Resolution(std::string const& host)>;

/// The system's own: getaddrinfo(3), which knows /etc/hosts and DNS.
AERIE_API Resolution look_up(std::string const& host);

/// The order in which addresses are tried: IPv6 and IPv4 in turn, so that a network that has only one of them
/// costs one step, beginning with the first (RFC 8305 §4).
AERIE_API std::vector<Endpoint> interleaved(std::vector<Endpoint> const& addresses);

/// One connection at a time. Belongs to its shard; goes before it. May be destroyed at any time, also by the
/// callback: what is under way is given up, and the callback is not called.
class AERIE_API Connector {
 public:
  using Done = UniqueFunction<void(Connected)>;

  /// The next address is tried when one has not answered for this long (RFC 8305 §5, §8), or has refused.
  static constexpr Milliseconds attempt_delay{250};

  explicit Connector(Shard& shard, Lookup lookup = look_up);
  ~Connector();
  Connector(Connector const&) = delete;
  Connector& operator=(Connector const&) = delete;

  /// Connects, and calls `done` once, in a later turn: after `deadline` at the latest, which counts for name
  /// and addresses together. Its stream is read from once `done` has given it a handler and returned. What
  /// was under way before is given up.
  void connect(Address address, Milliseconds deadline, Done done);
  void cancel() noexcept;
  bool pending() const noexcept;

 private:
  class Race;
  class Attempt;
  struct Query;

  Shard& shard_;
  Lookup lookup_;
  std::shared_ptr<Query> query_;  // under way, and perhaps of a race that was given up
  std::unique_ptr<Race> race_;
};

}}}  // namespace aerie::v1::core
