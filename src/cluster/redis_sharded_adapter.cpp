#include "cluster/sharded_protocol.hpp"

#include <aerie/cluster/redis_adapter.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterMessage;

namespace {

// The adapter of `createShardedAdapter`.
class ShardedCluster final : public ShardedProtocol {
 public:
  ShardedCluster(ClusterMember& here, RedisShardedAdapter options)
      : ShardedProtocol(here,
                        {.pub_sub = PubSub::sharded,
                         .id = here.server_id(),
                         .url = std::move(options.url),
                         .client = std::move(options.client),
                         .signing = std::move(options.signing),
                         .requests_timeout = options.requests_timeout},
                        std::move(options.channel_prefix), ShardedForm::as_needed),
        mode_(options.subscription_mode) {}

  RoomInterest room_interest() const noexcept override {
    switch (mode_) {
      case SubscriptionMode::dynamic:
        return RoomInterest::named;
      case SubscriptionMode::dynamic_private:
        return RoomInterest::all;
      case SubscriptionMode::static_:
        break;
    }
    return RoomInterest::none;
  }
  void room_created(std::string_view nsp, std::string_view room) override {
    if (auto* const space = find(nsp))
      space->rooms.insert_or_assign(std::string(room), subscription(*space, channel(nsp, room)));
  }
  void room_deleted(std::string_view nsp, std::string_view room) override {
    if (auto* const space = find(nsp)) space->rooms.erase(std::string(room));
  }

 private:
  void subscribe(Space& space) override { listen(space); }
  void send(std::string_view id, ClusterMessage const& message) override {
    publish_on(sharded_channel(prefix(), mode_, message), id, message);
  }

  SubscriptionMode mode_;
};

}  // namespace

std::unique_ptr<Adapter> RedisShardedAdapter::operator()(ClusterMember& here) const {
  return std::make_unique<ShardedCluster>(here, *this);
}

}}}  // namespace aerie::v1::cluster
