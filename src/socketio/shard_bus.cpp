#include "socketio/shard_bus.hpp"

#include "socketio/server_link.hpp"
#include "socketio/shard_node.hpp"

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

void ShardBus::publish(PeerId from, std::shared_ptr<LocalMessage const> message) {
  // More than what it carries: the message itself, and its place in the mailbox.
  constexpr std::size_t overhead = 256;
  auto const bytes = message->packet.size() + overhead;
  for (std::size_t i = 0; i < link_.node_count(); ++i) {
    if (i != from) link_.post(i, bytes, [from, message](ShardNode& node) { node.received(from, *message); });
  }
}

void ShardBus::respond(PeerId, PeerId to, ClusterResponse response) {
  link_.post(to, 0, [response = std::make_unique<ClusterResponse>(std::move(response))](ShardNode& node) {
    node.received(std::move(*response));
  });
}

std::size_t ShardBus::others(PeerId) const {
  return link_.node_count() - 1;
}

}}}  // namespace aerie::v1::socketio
