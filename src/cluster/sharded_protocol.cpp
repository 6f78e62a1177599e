#include "cluster/sharded_protocol.hpp"

#include "cluster/names.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/core/log.hpp>

#include <utility>
#include <variant>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterMessage;
using socketio::ClusterResponse;

ShardedProtocol::ShardedProtocol(ClusterMember& here, Settings settings, std::string prefix, ShardedForm form)
    : RedisCluster(here, std::move(settings)), prefix_(std::move(prefix)), form_(form) {
  require_channel_prefix("channel_prefix", prefix_);
}

std::string ShardedProtocol::name_of(socketio::RequestId request) {
  return core::hex(request);
}

std::string ShardedProtocol::channel(std::string_view nsp, std::string_view of) const {
  return core::concat(counted_channel(nsp), of, "#");
}

redis::Subscription ShardedProtocol::subscription(std::string_view channel,
                                                  redis::Client::OnMessage on_message) {
  return is_sharded() ? redis().ssubscribe(channel, std::move(on_message))
                      : redis().subscribe(channel, std::move(on_message));
}

redis::Subscription ShardedProtocol::subscription(Space const& space, std::string_view channel) {
  return subscription(channel, [this, &space](redis::Message const& got) {
    if (auto const payload = accepted(got)) received(space, *payload);
  });
}

void ShardedProtocol::listen(Space& space) {
  space.subscriptions.push_back(subscription(space, counted_channel(space.nsp)));
  auto const own = [this, &space](redis::Message const& got) {
    auto const payload = accepted(got);
    if (payload && !is_greeting(*payload) && !hear(*payload)) received(space, *payload);
  };
  space.subscriptions.push_back(subscription(own_channel(space.nsp), own));
}

void ShardedProtocol::publish_on(std::string_view channel, std::string_view id,
                                 ClusterMessage const& message) {
  send_to(channel, encode_sharded(own_id(), id, message, form_));
}

void ShardedProtocol::received(Space const& space, std::string_view bytes) {
  ShardedMessage message;
  switch (decode_sharded(bytes, own_id(), space.nsp, message)) {
    case Decoded::message:
      return handle(space.nsp, message);
    case Decoded::garbage:
      return here().count_malformed();
    case Decoded::own:
    case Decoded::foreign:
      return;
  }
}

void ShardedProtocol::handle(std::string_view nsp, ShardedMessage& message) {
  if (auto* const todo = std::get_if<ClusterMessage>(&message.body)) {
    here().count_received();
    requested(nsp, message, *todo);
  } else if (auto* const response = std::get_if<ClusterResponse>(&message.body)) {
    responded(message, *response);
  }
}

void ShardedProtocol::requested(std::string_view nsp, ShardedMessage& message, ClusterMessage& todo) {
  if (message.id.empty()) {
    here().deliver(std::move(todo));
    return;
  }
  todo.request = next_incoming();
  auto respond = [this, nsp = std::string(nsp), uid = std::move(message.uid),
                  id = std::move(message.id)](ClusterResponse const& response) {
    // This format has no place for a client that has left.
    if (response.type == ClusterResponse::Type::ack && response.error != AckError::none) return;
    send_to(channel(nsp, uid), encode_sharded(own_id(), nsp, id, response, form_));
  };
  here().answer(std::move(todo), std::move(respond));
}

void ShardedProtocol::responded(ShardedMessage const& message, ClusterResponse& response) {
  auto const request = find_request(message.id);
  if (!request) return;
  here().count_received();
  answered(*request, std::move(response));
}

}}}  // namespace aerie::v1::cluster
