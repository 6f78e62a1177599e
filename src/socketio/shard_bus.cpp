#include "socketio/shard_bus.hpp"

#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

void ShardBus::publish(PeerId from, std::shared_ptr<ClusterMessage const> message) {
  auto& runtime = server_.runtime();
  for (std::size_t i = 0; i < runtime.shard_count(); ++i) {
    if (i == from) continue;
    auto& shard = runtime.shard(i);
    shard.post([&node = server_.node(shard), from, message] { node.received(from, *message); });
  }
}

void ShardBus::respond(PeerId, PeerId to, ClusterResponse response) {
  auto& shard = server_.runtime().shard(to);
  shard.post([&node = server_.node(shard), response = std::move(response)]() mutable {
    node.received(std::move(response));
  });
}

std::size_t ShardBus::others(PeerId) const {
  return server_.node_count() - 1;
}

}}}  // namespace aerie::v1::socketio
