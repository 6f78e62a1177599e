#pragma once

/// \file
/// The seam for those who connect several servers to a cluster: an `Adapter` carries a handful of messages to
/// the other processes and gives what comes from there to its `ClusterMember`, this server. See
/// docs/adapters.md, and examples/memory_adapter.hpp for a whole one.
///
///     class MyAdapter final : public aerie::Adapter { ... };
///     options.adapter = [](aerie::ClusterMember& here) { return std::make_unique<MyAdapter>(here); };
///
/// The shards of a process are no business of an adapter: a server has one, whatever the number of its
/// shards. What is emitted reaches the sockets of this process without it; what it delivers is done by every
/// shard.
///
/// Thread contract of both classes: everything happens in turns of one shard, the home shard (the runtime's
/// first), except where it says otherwise. An adapter with threads of its own posts to `ClusterMember::home`
/// through an anchor (aerie/core/anchor.hpp).

#include <aerie/core/api.hpp>
#include <aerie/core/function.hpp>
#include <aerie/socketio/cluster_message.hpp>
#include <aerie/socketio/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Logger;

namespace core {
class Shard;
}  // namespace core

/// How an adapter stands with its cluster.
enum class ClusterState : std::uint8_t {
  alone,     ///< There is no adapter: this server is all there is.
  starting,  ///< Not connected yet.
  ready,
  degraded,  ///< The connection is lost, or was never made: this process works on by itself meanwhile.
  closed,
};

/// What is known of a server's part in its cluster; a copy, as it was when it was asked for.
struct ClusterStatus {
  /// Whether it reaches the others.
  ClusterState state = ClusterState::alone;
  /// Why it is not ready, in a sentence.
  std::string reason{};
  /// Messages, answers included, since the server was made.
  std::uint64_t sent = 0;
  /// What has come from other servers, as `sent`.
  std::uint64_t received = 0;
  /// What could not be sent, or is known to have been missed while there was no connection.
  std::uint64_t lost = 0;
  /// What came and was no message of a cluster; it is dropped.
  std::uint64_t malformed = 0;
  /// What came and was not signed by one of the cluster (aerie/emitter/signing.hpp); it is dropped.
  std::uint64_t refused = 0;
  /// How often another server was heard to have the id of this one.
  std::uint64_t id_conflicts = 0;
};

/// This server, as its adapter sees it. It outlives the adapter.
class AERIE_API ClusterMember {
 public:
  /// Gives the answer of this server to a request.
  using Respond = std::function<void(socketio::ClusterResponse)>;

  // --- What comes from other servers

  /// Does what a message asks for, on every shard, without answering. Messages are done in the order of these
  /// calls. False, and counted as malformed, if it cannot be done: an event without a payload, an action that
  /// needs answers. A namespace that this server does not have is no error.
  virtual bool deliver(socketio::ClusterMessage message) = 0;
  /// The same for an entry of the adapter's log (`Adapter::event_log`), this server's own as well, in the
  /// log's order. Where sessions are recovered, `at` is the offset of an event. `is_own`: this server has
  /// added it.
  virtual bool deliver_logged(socketio::ClusterMessage message, socketio::LogPosition at, bool is_own);
  /// From behind here on a namespace's entries are delivered. Said before the first one of them, and again if
  /// some are left out; the begin of all positions: they are not delivered.
  virtual void log_begins(std::string_view nsp, socketio::LogPosition at);
  /// All entries of a namespace up to here have been delivered, as far as there were any: so that it is known
  /// in a quiet one how far its clients are. Every second or so.
  virtual void log_read(std::string_view nsp, socketio::LogPosition at);
  /// The log is another one than before, and begins at `at`: what it had last may not have been delivered.
  /// Clients are told so: their connections end, and they are not recovered.
  virtual void log_lost(std::string_view nsp, socketio::LogPosition at);
  /// Another server has taken a session, perhaps one of this server's: it is asked for at `EventLog::save`.
  virtual void session_taken(std::string_view pid);
  /// The same for a request. `respond` is called with each answer, in turns of the home shard, the answers of
  /// all shards put together: once for a fetch or a server-side emit; for a broadcast first with the count,
  /// then with each acknowledgement. If this server cannot answer in `options.timeout` (5 s if it is not
  /// set), it is not called; nor once the server ends. It may be called before this returns.
  /// `message.request` is the asker's and comes back in the answers, as does this server's id.
  virtual bool answer(socketio::ClusterMessage message, Respond respond) = 0;

  // --- What becomes of this server's own requests. All of it may be said again, and of requests that have
  // ended or never were: then it does nothing. It may be said within `Adapter::request`.

  /// So many other servers have been asked, and will answer. Without it a request ends at its time-out. May
  /// be said again when it is known better: if there are fewer than before, the others have gone, and count
  /// as missing unless they have answered.
  virtual void expect(socketio::RequestId request, std::size_t others) = 0;
  /// The same by their ids: answers must then carry theirs.
  virtual void expect(socketio::RequestId request, std::vector<std::string> others) = 0;
  /// One of those that were asked has gone. It is not waited for any more, neither for its answer nor for the
  /// acknowledgements of its clients, and counts as missing if something of it is. `server` is empty if it is
  /// not known which one: then it is one that has not answered yet.
  virtual void gone(socketio::RequestId request, std::string_view server = {}) = 0;
  /// Nobody could be asked, or nobody can answer: the connection is down. What has come is all there will be.
  virtual void unreachable(socketio::RequestId request) = 0;
  /// An answer has come. Whoever asked may be called, and may emit, before this returns.
  virtual void answered(socketio::ClusterResponse response) = 0;

  // --- What this server tells its users

  /// How the adapter stands with the cluster: shown by `Server::cluster`, and logged when it changes.
  /// `reason`: why it is not ready, in a sentence.
  virtual void report(ClusterState state, std::string_view reason = {}) = 0;
  /// Adds to the counters of ClusterStatus. Any thread.
  virtual void count_sent(std::uint64_t messages = 1) noexcept = 0;
  /// Adds to ClusterStatus::received. Any thread.
  virtual void count_received(std::uint64_t messages = 1) noexcept = 0;
  /// Adds to ClusterStatus::lost. Any thread.
  virtual void count_lost(std::uint64_t messages = 1) noexcept = 0;
  /// Adds to ClusterStatus::malformed. Any thread.
  virtual void count_malformed(std::uint64_t messages = 1) noexcept = 0;
  /// Adds to ClusterStatus::refused. Any thread.
  virtual void count_refused(std::uint64_t messages = 1) noexcept = 0;
  /// Adds one to ClusterStatus::id_conflicts. Any thread.
  virtual void count_id_conflict() noexcept = 0;

  // --- What it is

  /// 16 hexadecimal digits, drawn when the server was made. Any thread.
  virtual std::string const& server_id() const noexcept = 0;
  /// The shard on which the adapter works. Any thread.
  virtual core::Shard& home() const noexcept = 0;
  /// Where it writes messages. Any thread.
  virtual Logger const& log() const noexcept = 0;

 protected:
  ~ClusterMember() = default;
};

/// Carries messages to the other servers of a cluster. Made by ServerOptions::adapter while the server is
/// made, where it may throw for impossible settings; used in turns of the home shard; destroyed while the
/// runtime does not run. What its functions throw is reported, and the message counted as lost.
///
/// The order: `open`, then everything else, then `close`; after that `open` again if the server listens
/// again. A server does not wait for its adapter to be connected. Messages of one shard are given in the
/// order in which they were emitted there, and are to arrive elsewhere in this order.
///
/// One that keeps a log lets clients be recovered by any server (`event_log`); with others each server
/// recovers those that it had itself.
class AERIE_API Adapter {
 public:
  virtual ~Adapter();
  Adapter(Adapter const&) = delete;
  Adapter& operator=(Adapter const&) = delete;

  // --- Its life

  /// Begins to connect. Namespaces that exist already are told afterwards by `namespace_created`.
  virtual void open() = 0;
  /// Sends what is still to be sent, takes leave of the others and calls `done`, once; the server waits for
  /// it as it does for its handlers (ServerOptions::close_timeout). By now all sockets have left.
  virtual void close(UniqueFunction<void()> done) = 0;

  // --- Messages

  /// Carries a message to every other server. It is not to come back to this one.
  virtual void publish(std::shared_ptr<socketio::ClusterMessage const> const& message) = 0;
  /// The same with a request: says by `ClusterMember::expect` how many will answer, and gives each answer to
  /// `ClusterMember::answered`, until `request_ended`.
  virtual void request(std::shared_ptr<socketio::ClusterMessage const> const& message) = 0;
  /// A request of this server has all its answers, or its time is over: what comes now is of no interest.
  virtual void request_ended(socketio::RequestId) {}
  /// How many requests of this server it keeps something for: of each until `request_ended`. For tests, which
  /// hold an adapter to that.
  virtual std::size_t open_requests() const noexcept { return 0; }
  /// Calls `done` with the number of servers, this one included; with 1 if nobody can be asked.
  virtual void count_servers(UniqueFunction<void(std::size_t)> done) = 0;

  /// The log that it keeps, for as long as the adapter lives; null if it keeps none. Asked when the server is
  /// made, and later.
  virtual socketio::EventLog* event_log() noexcept { return nullptr; }

  // --- What it may want to know

  /// In which form it sends events: they are written in it where they are emitted, on whatever shard, before
  /// `publish`. `has_binary`: something in the arguments is binary, so that JSON cannot carry it. Asked
  /// twice, when the server is made.
  virtual socketio::EventPayload::Form payload_form(bool has_binary) const noexcept;
  /// A namespace has come into being in this server.
  virtual void namespace_created(std::string_view) {}
  /// A namespace of this server is gone, with its last socket.
  virtual void namespace_closed(std::string_view) {}

  /// Which rooms it is told of.
  enum class RoomInterest : std::uint8_t {
    none,
    named,  ///< All but those that every socket has for itself, of its id's name, if that has 20 characters.
    all,
  };
  /// Asked once, when the server is made.
  virtual RoomInterest room_interest() const noexcept { return RoomInterest::none; }
  /// A room has its first socket in this process, or has lost its last one.
  virtual void room_created(std::string_view /*nsp*/, std::string_view /*room*/) {}
  /// A room has lost its last socket in this process.
  virtual void room_deleted(std::string_view /*nsp*/, std::string_view /*room*/) {}

 protected:
  Adapter() = default;
};

/// Makes the adapter of a server. The options of an adapter usually are one: they have this operator.
using AdapterFactory = std::function<std::unique_ptr<Adapter>(ClusterMember& here)>;

}}  // namespace aerie::v1
