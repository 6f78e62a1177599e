#pragma once

/// \file
/// What the adapters have in common whose messages are those of `socket.io-adapter` (`ClusterAdapter`): the
/// one of `createShardedAdapter`, and the one over streams.

#include "cluster/redis_cluster.hpp"
#include "cluster/sharded_codec.hpp"

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// Requests and answers by channels: one for each namespace, and one for each server in it. Belongs to the
/// home shard.
class ShardedProtocol : public RedisCluster {
 public:
  socketio::EventPayload::Form payload_form(bool has_binary) const noexcept override {
    return has_binary ? socketio::EventPayload::Form::msgpack : socketio::EventPayload::Form::json;
  }

 protected:
  /// `form`: that of what is published.
  ShardedProtocol(ClusterMember& here, Settings settings, std::string prefix, ShardedForm form);

  std::string name_of(socketio::RequestId request) final;
  std::string own_channel(std::string_view nsp) const final { return channel(nsp, own_id()); }
  std::string counted_channel(std::string_view nsp) const final {
    return emitter::broadcast_channel(prefix_, nsp);
  }
  /// `socket.io#/chat#uid#`: what is for one server, or for a room.
  std::string channel(std::string_view nsp, std::string_view of) const;
  std::string const& prefix() const noexcept { return prefix_; }

  /// What has come to this server alone. True if it was no message of the protocol, and has been heard.
  virtual bool hear(std::string_view) { return false; }
  /// Subscribes to the namespace's channel and this server's own.
  void listen(Space& space);
  redis::Subscription subscription(Space const& space, std::string_view channel);
  void publish_on(std::string_view channel, std::string_view id, socketio::ClusterMessage const& message);
  /// Does what a message of another server says.
  void handle(std::string_view nsp, ShardedMessage& message);

 private:
  redis::Subscription subscription(std::string_view channel, redis::Client::OnMessage on_message);
  void received(Space const& space, std::string_view bytes);
  void requested(std::string_view nsp, ShardedMessage& message, socketio::ClusterMessage& todo);
  void responded(ShardedMessage const& message, socketio::ClusterResponse& response);

  std::string prefix_;
  ShardedForm form_;
};

}}}  // namespace aerie::v1::cluster
