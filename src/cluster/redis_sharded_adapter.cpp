#include "cluster/names.hpp"
#include "cluster/redis_cluster.hpp"
#include "cluster/sharded_codec.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/core/hex.hpp>

#include <utility>
#include <variant>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterMessage;
using socketio::ClusterResponse;
using socketio::RequestId;

namespace {

// The adapter of `createShardedAdapter`.
class ShardedCluster final : public RedisCluster {
 public:
  ShardedCluster(ClusterMember& here, RedisShardedAdapter options)
      : RedisCluster(here, {.pub_sub = PubSub::sharded,
                            .id = here.server_id(),
                            .url = std::move(options.url),
                            .client = std::move(options.client),
                            .signing = std::move(options.signing),
                            .requests_timeout = options.requests_timeout}),
        prefix_(std::move(options.channel_prefix)),
        mode_(options.subscription_mode) {
    require_channel_prefix("channel_prefix", prefix_);
  }

  socketio::EventPayload::Form payload_form(bool has_binary) const noexcept override {
    return has_binary ? socketio::EventPayload::Form::msgpack : socketio::EventPayload::Form::json;
  }
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
  void room_created(std::string_view nsp, std::string_view room) override;
  void room_deleted(std::string_view nsp, std::string_view room) override;

 private:
  void subscribe(Space& space) override;
  void send(std::string_view id, ClusterMessage const& message) override;
  std::string name_of(RequestId request) override { return core::hex(request); }
  std::string own_channel(std::string_view nsp) const override { return channel(nsp, own_id()); }
  std::string counted_channel(std::string_view nsp) const override {
    return emitter::broadcast_channel(prefix_, nsp);
  }

  // `socket.io#/chat#uid#`: what is for one server, or for a room.
  std::string channel(std::string_view nsp, std::string_view of) const {
    return emitter::broadcast_channel(prefix_, nsp) + std::string(of) + "#";
  }
  redis::Client::OnMessage receiver(Space& space) {
    return [this, &space](redis::Message const& got) {
      if (auto const payload = accepted(got)) received(space, *payload);
    };
  }
  void received(Space const& space, std::string_view bytes);
  void requested(ShardedMessage& message, ClusterMessage& todo);
  void responded(ShardedMessage const& message, ClusterResponse& response);

  std::string prefix_;
  SubscriptionMode mode_;
};

void ShardedCluster::subscribe(Space& space) {
  space.subscriptions.push_back(
      redis().ssubscribe(emitter::broadcast_channel(prefix_, space.nsp), receiver(space)));
  auto const own = [this, &space](redis::Message const& got) {
    auto const payload = accepted(got);
    if (payload && !is_greeting(*payload)) received(space, *payload);
  };
  space.subscriptions.push_back(redis().ssubscribe(own_channel(space.nsp), own));
}

void ShardedCluster::room_created(std::string_view nsp, std::string_view room) {
  auto* const space = find(nsp);
  if (space == nullptr) return;
  space->rooms.insert_or_assign(std::string(room), redis().ssubscribe(channel(nsp, room), receiver(*space)));
}

void ShardedCluster::room_deleted(std::string_view nsp, std::string_view room) {
  if (auto* const space = find(nsp)) space->rooms.erase(std::string(room));
}

void ShardedCluster::send(std::string_view id, ClusterMessage const& message) {
  send_to(sharded_channel(prefix_, mode_, message), encode_sharded(own_id(), id, message));
}

void ShardedCluster::received(Space const& space, std::string_view bytes) {
  ShardedMessage message;
  switch (decode_sharded(bytes, own_id(), space.nsp, message)) {
    case Decoded::message:
      break;
    case Decoded::garbage:
      return here().count_malformed();
    case Decoded::own:
    case Decoded::foreign:
      return;
  }
  if (auto* const todo = std::get_if<ClusterMessage>(&message.body)) {
    here().count_received();
    requested(message, *todo);
  } else if (auto* const response = std::get_if<ClusterResponse>(&message.body)) {
    responded(message, *response);
  }
}

void ShardedCluster::requested(ShardedMessage& message, ClusterMessage& todo) {
  if (message.id.empty()) {
    here().deliver(std::move(todo));
    return;
  }
  todo.request = next_incoming();
  auto respond = [this, nsp = todo.nsp, uid = std::move(message.uid),
                  id = std::move(message.id)](ClusterResponse const& response) {
    // This format has no place for a client that has left.
    if (response.type == ClusterResponse::Type::ack && response.error != AckError::none) return;
    send_to(channel(nsp, uid), encode_sharded(own_id(), nsp, id, response));
  };
  here().answer(std::move(todo), std::move(respond));
}

void ShardedCluster::responded(ShardedMessage const& message, ClusterResponse& response) {
  auto const request = find_request(message.id);
  if (!request) return;
  here().count_received();
  answered(*request, std::move(response));
}

}  // namespace

std::unique_ptr<Adapter> RedisShardedAdapter::operator()(ClusterMember& here) const {
  return std::make_unique<ShardedCluster>(here, *this);
}

}}}  // namespace aerie::v1::cluster
