#pragma once

#include "socketio/server_parsers.hpp"
#include "socketio/tracing.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/mailbox.hpp>
#include <aerie/socketio/event_payload.hpp>
#include <aerie/socketio/handler_set.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace aerie { inline namespace v1 {

class Adapter;

namespace socketio {

class RecoveryShared;
class ShardNode;

/// The way to a server's nodes from any thread and for ever: what handles and namespaces keep instead of the
/// server, which may end before they do. Filled while the server is made; then it never changes.
class ServerLink : public std::enable_shared_from_this<ServerLink> {
 public:
  /// `adapter` and `recovery` may be null.
  ServerLink(std::shared_ptr<ServerParsers const> parsers, Adapter const* adapter,
             std::shared_ptr<RecoveryShared> recovery);
  void add(ShardNode& node);

  bool in_cluster() const noexcept { return in_cluster_; }
  /// Says what a message for other servers is part of. On the thread that emits it.
  void trace(ClusterMessage& message) const {
    if (in_cluster_) trace_message(message);
  }
  /// What is emitted concerns one shard only, no other server, and nobody who comes later.
  bool is_alone() const noexcept { return ends_.size() == 1 && !passes_on_; }
  /// Null if the server recovers no sessions.
  RecoveryShared* recovery() const noexcept { return recovery_.get(); }

  std::size_t node_count() const noexcept { return ends_.size(); }
  ShardNode& node(std::size_t index) const noexcept { return *ends_[index].node; }
  ServerParsers const& parsers() const noexcept { return *parsers_; }
  /// An event in the form in which the adapter carries it; `packets` are the same as clients are sent it.
  /// REQUIRES: in_cluster().
  EventPayload payload_of(PacketSet const& packets, std::string_view nsp, std::string_view event,
                          ArgsRef args) const;
  /// The same for one that no client is sent. Nothing without an adapter.
  EventPayload payload_of(std::string_view event, ArgsRef args) const;
  /// The node of the shard whose turn this is; null on other threads, and when the server is gone.
  ShardNode* here() const noexcept;
  /// Runs `action` in a later turn of a node's shard, if the server is still there then.
  bool post(std::size_t node, std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const;
  /// Runs `action` on the node whose turn this is, or else on the first one's shard. False if it never will:
  /// the server is gone, or a shard has fallen behind while this thread has produced `bytes` more.
  bool run(std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const;

  /// Runs `action` on the first node: now if this is its turn, or else in a later one. False if it never
  /// will.
  bool run_on_first(UniqueFunction<void(ShardNode&)> action) const;

  /// Whether handlers may still be registered.
  std::shared_ptr<Seal> const& seal() const noexcept { return seal_; }
  /// With several shards nothing can be registered from now on.
  void close_seal() const noexcept {
    if (ends_.size() > 1) seal_->closed.store(true, std::memory_order_relaxed);
  }
  void open_seal() const noexcept { seal_->closed.store(false, std::memory_order_relaxed); }

 private:
  struct End {
    core::AnchorRef anchor;
    std::shared_ptr<core::Mailbox> mailbox;
    ShardNode* node;  // there as long as the anchor holds
  };
  std::vector<End> ends_;
  std::shared_ptr<ServerParsers const> parsers_;
  bool in_cluster_;
  bool passes_on_;
  std::shared_ptr<RecoveryShared> recovery_;
  EventPayload::Form plain_form_ = EventPayload::Form::none;
  EventPayload::Form binary_form_ = EventPayload::Form::none;
  std::shared_ptr<Seal> seal_ = std::make_shared<Seal>();
};

}  // namespace socketio
}}  // namespace aerie::v1
