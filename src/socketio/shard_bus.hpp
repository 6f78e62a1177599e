#pragma once

#include "socketio/bus.hpp"

#include <memory>

namespace aerie { inline namespace v1 { namespace socketio {

class ServerLink;

/// The bus between the shards of one process: messages are posted, and shared, not copied.
class ShardBus final : public Bus {
 public:
  explicit ShardBus(ServerLink const& link) : link_(link) {}
  void publish(PeerId from, std::shared_ptr<LocalMessage const> message) override;
  void respond(PeerId from, PeerId to, ClusterResponse response) override;
  std::size_t others(PeerId peer) const override;

 private:
  ServerLink const& link_;
};

}}}  // namespace aerie::v1::socketio
