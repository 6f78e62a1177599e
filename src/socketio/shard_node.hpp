#pragma once

#include "socketio/bus.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/anchor.hpp>
#include <aerie/core/id.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/packet.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class ServerState;
class LocalAdapter;

/// A request to the cluster, and what has been answered so far.
class ClusterRequest {
 public:
  virtual ~ClusterRequest() = default;
  /// True if this response was the last one.
  virtual bool add(ClusterResponse response) = 0;
  /// The others were not heard of in time.
  virtual void expire() = 0;
};

/// The part of a Socket.IO server that lives on one shard. Belongs to it.
class ShardNode {
 public:
  ShardNode(ServerState& server, core::Shard& shard);
  ~ShardNode();

  ServerState& server() const noexcept { return server_; }
  core::Shard& shard() const noexcept { return shard_; }
  PeerId peer() const noexcept { return shard_.index(); }
  core::Id new_id() { return ids_.next(); }
  /// Where posted work for this node is sent to, for ever.
  core::AnchorRef anchor() { return anchor_.ref(); }
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
  /// Tells the log which handlers are still under way, and cancels them.
  void give_up_handlers();
  /// Destroys every task where it waits: the server ends.
  void abandon_tasks() noexcept;

  /// Its sockets keep so many bytes more, or less, than before.
  void hold(std::size_t bytes) noexcept { held_.resize(held_.bytes() + bytes); }
  void release(std::size_t bytes) noexcept { held_.resize(held_.bytes() - bytes); }

  /// Memory for the packet that is being encoded; valid until the next use.
  EncodedPacket& scratch_packet() noexcept { return packet_; }
  /// The packet as WebSocket frames; valid until the next call.
  std::string_view frames_of(EncodedPacket const& packet);

  /// Does what a message asks for here and, by way of the bus, everywhere else.
  void originate(std::shared_ptr<LocalMessage const> const& message);
  /// Opens a request; its number goes into the message.
  std::uint64_t open_request(std::unique_ptr<ClusterRequest> request, core::Milliseconds timeout);
  void received(PeerId from, LocalMessage const& message);
  void received(ClusterResponse response);

 private:
  struct OpenRequest;
  void close_request(std::uint64_t number, bool expired);
  LocalAdapter* adapter_of(std::string_view nsp) const;

  ServerState& server_;
  core::Shard& shard_;
  core::IdSource ids_;
  core::Charge held_;
  core::LinkedList<UnderWay> under_way_;
  std::atomic<std::size_t> under_way_count_{0};
  std::unique_ptr<core::TaskContext> tasks_;
  core::TaskContext cancelled_tasks_;
  core::TaskContext closing_tasks_;
  std::vector<std::unique_ptr<core::TaskContext>> ending_;
  EncodedPacket packet_;
  std::string frames_;
  std::unordered_map<std::uint64_t, std::unique_ptr<OpenRequest>> requests_;
  std::uint64_t last_request_ = 0;
  core::Anchor anchor_;
};

}}}  // namespace aerie::v1::socketio
