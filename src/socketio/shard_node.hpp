#pragma once

#include "socketio/cluster_requests.hpp"
#include "socketio/event_metrics.hpp"
#include "socketio/local_message.hpp"
#include "socketio/room_census.hpp"
#include "socketio/server_parsers.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/anchor.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/metrics.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/shared_messages.hpp>
#include <aerie/socketio/adapter.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/packet.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 {

namespace engineio {
class Session;
}

namespace socketio {

class ServerState;
class LocalAdapter;
class ShardRecovery;
class RecoveryShared;

/// Who wants to know what is done about the events of clients.
enum class EventWatch : std::uint8_t {
  none,
  by_counter,  ///< Metrics alone, timed by the processor's counter.
  otherwise,   ///< A tracer, or metrics that are timed by a clock.
};

/// Why a client was refused in a namespace.
enum class EntryRefusal : std::uint8_t {
  no_namespace,
  middleware,
  timeout,
  limit,  ///< Of names, namespaces of one client, or `auth`.
  error,
};
inline constexpr std::size_t entry_refusal_count = 5;
std::string_view to_string(EntryRefusal refusal) noexcept;

/// What one shard counts, whether it is measured or not. One writer; read from any thread.
struct NodeCounts {
  core::Tally dropped_volatile;
  core::Tally dropped_oldest;
  /// That there are: of names, not of ids.
  core::Tally rooms;
  core::Tally handler_failures;
  std::array<core::Tally, entry_refusal_count> refused;

  void count(EntryRefusal refusal) noexcept { refused[static_cast<std::size_t>(refusal)].add(); }
};

/// What the log calls a parser that throws.
inline core::UserCode parser_code(std::string_view nsp) noexcept {
  return {"socket.io", "the parser", nsp};
}

/// The part of a Socket.IO server that lives on one shard. Belongs to it.
class ShardNode {
 public:
  ShardNode(ServerState& server, core::Shard& shard);
  ~ShardNode();

  ServerState& server() const noexcept { return server_; }
  core::Shard& shard() const noexcept { return shard_; }
  std::uint16_t index() const noexcept { return shard_.index(); }
  /// The node that speaks for the server to its cluster.
  bool is_first() const noexcept { return index() == 0; }
  core::Id new_id() { return ids_.next(); }
  /// A debug line of one of the server's parts; not put together unless somebody wants it.
  template <class... Parts>
  void debug(std::string_view component, Parts const&... parts) const {
    auto const& log = shard_.runtime().log();
    if (!log.enabled(LogLevel::debug)) [[likely]]
      return;
    log.debug(component, core::concat(parts...));
  }
  /// Where posted work for this node is sent to, for ever.
  core::AnchorRef anchor() { return anchor_.ref(); }
  void set_room_interest(Adapter::RoomInterest interest) noexcept { room_interest_ = interest; }
  void cut() noexcept { anchor_.cut(); }

  // --- Handlers under way
  /// Where they run: to their end, whatever becomes of their clients.
  core::TaskContext& tasks() noexcept { return *tasks_; }
  /// Where nothing may wait any more: for what is to end with a client that has left.
  core::TaskContext& cancelled_tasks() noexcept { return cancelled_tasks_; }
  /// Where the server's own end runs, which waits for handlers.
  core::TaskContext& closing_tasks() noexcept { return closing_tasks_; }
  /// The tasks that end with a client end now: `Cancelled` is thrown in a turn of the shard.
  void end(std::unique_ptr<core::TaskContext> tasks);
  void begun(UnderWay& handler) noexcept;
  void ended(UnderWay& handler) noexcept;
  /// How many there are. Callable from any thread.
  std::size_t handlers_under_way() const noexcept { return under_way_count_.load(std::memory_order_acquire); }
  std::uint32_t handlers_of(Socket const& socket) const noexcept;
  /// Tells the log which handlers are still under way, and cancels them.
  void give_up_handlers();
  /// Destroys every task where it waits: the server ends.
  void abandon_tasks() noexcept;

  /// Its sockets keep so many bytes more, or less, than before.
  void hold(std::size_t bytes) noexcept { held_.resize(held_.bytes() + bytes); }
  void release(std::size_t bytes) noexcept { held_.resize(held_.bytes() - bytes); }
  NodeCounts& counts() noexcept { return counts_; }
  /// From now on what its sockets receive and send is measured, if its shard measures. Before it serves.
  void measure();
  /// Null if it is not.
  EventMetrics* metrics() const noexcept { return metrics_.get(); }
  /// Whether what is done for clients is traced.
  bool traces() const noexcept { return traces_; }
  /// Both at once: what is done on the way of an event is known by one question.
  EventWatch watch() const noexcept { return watch_; }

  /// Null if the server recovers no sessions.
  ShardRecovery* recovery() const noexcept { return recovery_.get(); }
  /// Said at most once, while the server is made.
  void recover(std::shared_ptr<RecoveryShared> recovery);

  // --- Sessions of other engines than the server's own
  /// `is_bound`: its engine is bound to the server, and closes it when that closes.
  void adopt(engineio::Session& session, bool is_bound);
  void forget(engineio::Session& session) noexcept {
    if (!adopted_.empty()) adopted_.erase(&session);
  }
  /// Those whose engine is not bound.
  void close_adopted();
  /// Takes them back from their clients, and closes them: the server ends.
  void give_back_adopted();

  ServerParsers const& parsers() const noexcept { return parsers_; }
  /// Memory for the packet that is being encoded, for one client or for many; valid until the next use.
  EncodedPacket& scratch_packet() noexcept { return packet_; }
  PacketSet& scratch_packets() noexcept { return packets_; }
  /// A parser's packet as it is sent to many; valid until the next call for that parser.
  engineio::SharedMessages const& prepare(ParserIndex parser, EncodedPacket const& packet);

  // --- Messages
  using Respond = std::function<void(ClusterResponse)>;
  using Message = std::shared_ptr<LocalMessage const>;

  /// Does what a message of this server asks for: here, on the other shards, and on the other servers.
  void originate(Message const& message);
  /// A thread outside the runtime has given it to every shard.
  void receive_from_outside(Message const& message);
  /// Does what a message asks for here and on the other shards, which answer `respond` in their own turns.
  void do_everywhere(Message const& message, Respond const& respond);
  /// What goes to the other servers themselves.
  void tell_servers(std::shared_ptr<ClusterMessage const> const& message);

  // --- Rooms that begin and end on this shard
  Adapter::RoomInterest room_interest() const noexcept { return room_interest_; }
  void tell_adapter_of_room(Namespace const& nsp, std::string const& room, bool begun);
  void tell_users_of_room(Namespace const& nsp, std::string const& room, bool begun);

  // --- Requests of this server
  /// Opens a request; its number goes into the message.
  RequestId open_request(std::unique_ptr<ClusterRequest> request, core::Milliseconds timeout);
  /// Does `change` with a request of whatever shard, if it is still open, and ends it if it is complete then.
  void with_request(RequestId request, std::function<void(ClusterRequest&)> change);
  /// For tests.
  std::size_t open_requests() const noexcept { return requests_.size(); }

 private:
  struct OpenRequest;
  void received(std::uint16_t from, Message const& message);
  void apply(LocalMessage const& message, Respond const& respond);
  void change_request(RequestId request, std::function<void(ClusterRequest&)> const& change);
  void close_request(RequestId request, bool in_time);

  ServerState& server_;
  core::Shard& shard_;
  core::IdSource ids_;
  Adapter::RoomInterest room_interest_ = Adapter::RoomInterest::none;
  core::Charge held_;
  core::LinkedList<UnderWay> under_way_;
  std::atomic<std::size_t> under_way_count_{0};
  std::unique_ptr<core::TaskContext> tasks_;
  core::TaskContext cancelled_tasks_;
  core::TaskContext closing_tasks_;
  std::vector<std::unique_ptr<core::TaskContext>> ending_;
  ServerParsers const& parsers_;
  EncodedPacket packet_;
  PacketSet packets_;
  std::array<engineio::SharedMessages, ServerParsers::most> shared_;
  NodeCounts counts_;
  std::unique_ptr<EventMetrics> metrics_;
  bool const traces_;
  EventWatch watch_;
  std::unique_ptr<ShardRecovery> recovery_;
  std::unordered_map<engineio::Session*, bool> adopted_;
  std::unordered_map<RequestId, std::unique_ptr<OpenRequest>> requests_;
  std::uint64_t last_request_ = 0;  // begins anywhere
  RoomCensus rooms_;                // of the first shard: those that users listen to
  core::Anchor anchor_;
};

/// The node of the shard that the socket is on.
ShardNode& node_of(Socket& socket) noexcept;

}  // namespace socketio
}}  // namespace aerie::v1
