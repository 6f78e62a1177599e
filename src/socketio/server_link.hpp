#pragma once

#include <aerie/core/anchor.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/mailbox.hpp>
#include <aerie/socketio/handler_set.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class ShardNode;

/// The way to a server's nodes from any thread and for ever: what handles and namespaces keep instead of the
/// server, which may end before they do. Filled while the server is made; then it never changes.
class ServerLink {
 public:
  void add(ShardNode& node);

  std::size_t node_count() const noexcept { return ends_.size(); }
  ShardNode& node(std::size_t index) const noexcept { return *ends_[index].node; }
  /// The node of the shard whose turn this is; null on other threads, and when the server is gone.
  ShardNode* here() const noexcept;
  /// Runs `action` in a later turn of a node's shard, if the server is still there then.
  bool post(std::size_t node, std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const;
  /// Runs `action` on the node whose turn this is, or else on the first one's shard. False if it never will:
  /// the server is gone, or a shard has fallen behind while this thread has produced `bytes` more.
  bool run(std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const;

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
  std::shared_ptr<Seal> seal_ = std::make_shared<Seal>();
};

}}}  // namespace aerie::v1::socketio
