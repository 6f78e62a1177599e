#include "socketio/server_link.hpp"

#include "socketio/shard_node.hpp"

#include <aerie/core/shard.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

void ServerLink::add(ShardNode& node) {
  ends_.push_back({node.anchor(), node.shard().mailbox().shared_from_this(), &node});
}

ShardNode* ServerLink::here() const noexcept {
  auto const* const shard = core::Shard::current();
  if (shard == nullptr || shard->index() >= ends_.size()) return nullptr;
  auto const& end = ends_[shard->index()];
  return end.anchor.here() == nullptr ? nullptr : end.node;
}

bool ServerLink::post(std::size_t node, std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const {
  auto const& end = ends_[node];
  return end.anchor.try_post(bytes, [to = end.node, action = std::move(action)] { action(*to); });
}

bool ServerLink::run(std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const {
  if (auto* const node = here()) {
    action(*node);
    return true;
  }
  // The first shard passes on what it takes: it is not to take what another cannot follow.
  if (std::ranges::any_of(ends_, [](End const& end) { return end.mailbox->full(); })) return false;
  return post(0, bytes, std::move(action));
}

}}}  // namespace aerie::v1::socketio
