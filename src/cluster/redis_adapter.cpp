#include "cluster/names.hpp"
#include "cluster/redis_cluster.hpp"
#include "cluster/redis_codec.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/core/log.hpp>

#include <unordered_set>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using emitter::Spelling;
using socketio::ClusterAction;
using socketio::ClusterMessage;
using socketio::ClusterResponse;
using socketio::RequestId;

namespace {

// All rooms that somebody is in, each once.
std::vector<std::string> rooms_of(std::vector<socketio::SocketDetails> const& sockets) {
  std::vector<std::string> rooms;
  std::unordered_set<std::string_view> seen;
  for (auto const& socket : sockets) {
    for (auto const& room : socket.rooms.all(socket.id)) {
      if (seen.insert(room).second) rooms.push_back(room);
    }
  }
  return rooms;
}

std::vector<std::string> ids_of(std::vector<socketio::SocketDetails> const& sockets) {
  std::vector<std::string> ids;
  ids.reserve(sockets.size());
  for (auto const& socket : sockets)
    ids.push_back(socket.id);
  return ids;
}

// What is for one server.
std::string specific_channel(std::string_view key, std::string_view nsp, std::string_view uid) {
  return core::concat(emitter::response_channel(key, nsp), uid, "#");
}

// The adapter of `createAdapter`.
class PubSubCluster final : public RedisCluster {
 public:
  PubSubCluster(ClusterMember& here, RedisAdapter options)
      : RedisCluster(here, {.pub_sub = PubSub::plain,
                            .id = short_id(number_of_id(here.server_id())),
                            .url = std::move(options.url),
                            .client = std::move(options.client),
                            .signing = std::move(options.signing),
                            .requests_timeout = options.requests_timeout}),
        key_(std::move(options.key)),
        spelling_(std::move(options.parser), here.log()),
        answers_one_(options.publish_on_specific_response_channel) {
    require_channel_prefix("key", key_);
  }

  socketio::EventPayload::Form payload_form(bool) const noexcept override {
    return socketio::EventPayload::Form::msgpack;
  }

 private:
  // Who has asked: where an answer goes.
  struct Asker {
    RedisRequestType type;
    std::string nsp;
    std::string uid;
    std::string id;
  };

  void subscribe(Space& space) override;
  void send(std::string_view id, ClusterMessage const& message) override;
  std::string name_of(RequestId request) override { return short_id(request); }
  std::string own_channel(std::string_view nsp) const override {
    return specific_channel(key_, nsp, own_id());
  }
  std::string counted_channel(std::string_view nsp) const override {
    return emitter::request_channel(key_, nsp);
  }

  void on_broadcast(Space const& space, std::string_view bytes);
  void on_request(Space const& space, std::string_view bytes);
  void on_response(std::string_view bytes);
  void answer(RedisRequest request);
  void respond(Asker const& asker, ClusterResponse const& response);
  std::string channel_to(Asker const& asker) const;
  void publish_spelled(std::string_view channel, std::string bytes);

  std::string key_;
  Spelling spelling_;
  bool answers_one_;
};

void PubSubCluster::subscribe(Space& space) {
  auto const broadcast = [this, &space](redis::Message const& got) {
    if (auto const payload = accepted(got)) on_broadcast(space, *payload);
  };
  auto const request = [this, &space](redis::Message const& got) {
    if (auto const payload = accepted(got)) on_request(space, *payload);
  };
  auto const response = [this](redis::Message const& got) {
    if (auto const payload = accepted(got)) on_response(*payload);
  };
  auto const responses = emitter::response_channel(key_, space.nsp);
  auto& to = space.subscriptions;
  to.push_back(redis().psubscribe(as_pattern(emitter::broadcast_channel(key_, space.nsp)) + "*", broadcast));
  to.push_back(redis().subscribe(emitter::request_channel(key_, space.nsp), request));
  to.push_back(redis().subscribe(responses, response));
  auto const own = [this](redis::Message const& got) {
    auto const payload = accepted(got);
    if (payload && !is_greeting(*payload)) on_response(*payload);
  };
  to.push_back(redis().subscribe(own_channel(space.nsp), own));
}

void PubSubCluster::send(std::string_view id, ClusterMessage const& message) {
  bool const is_event = message.action == ClusterAction::broadcast;
  if (is_event && id.empty()) {
    publish_spelled(emitter::broadcast_channel(key_, message.nsp, message.target.rooms),
                    encode_broadcast(own_id(), message));
    return;
  }
  auto const channel = emitter::request_channel(key_, message.nsp);
  auto bytes = encode_request(own_id(), id, message);
  if (is_event) {
    publish_spelled(channel, std::move(bytes));
  } else {
    send_to(channel, std::move(bytes));
  }
}

void PubSubCluster::publish_spelled(std::string_view channel, std::string bytes) {
  auto spelled = spelling_.write(std::move(bytes));
  if (!spelled) return here().count_lost();
  send_to(channel, std::move(*spelled));
}

void PubSubCluster::on_broadcast(Space const& space, std::string_view bytes) {
  ClusterMessage message;
  auto const text = spelling_.read(bytes, Spelling::Json::no);
  switch (text ? decode_broadcast(*text, own_id(), space.nsp, message) : Decoded::garbage) {
    case Decoded::message:
      here().count_received();
      here().deliver(std::move(message));
      break;
    case Decoded::garbage:
      here().count_malformed();
      break;
    case Decoded::own:
    case Decoded::foreign:
      break;
  }
}

void PubSubCluster::on_request(Space const& space, std::string_view bytes) {
  auto const text = spelling_.read(bytes, Spelling::Json::yes);
  auto request = text ? decode_request(*text, space.nsp) : std::nullopt;
  if (!request) return here().count_malformed();
  // What it asks of itself it has done already.
  if (request->uid == own_id()) return;
  here().count_received();
  switch (request->type) {
    case RedisRequestType::join:
    case RedisRequestType::leave:
    case RedisRequestType::disconnect:
      request->id.clear();
      break;
    default:
      break;
  }
  if (request->id.empty()) {
    here().deliver(std::move(request->message));
  } else {
    answer(std::move(*request));
  }
}

void PubSubCluster::answer(RedisRequest request) {
  Asker asker{request.type, request.message.nsp, std::move(request.uid), std::move(request.id)};
  request.message.request = next_incoming();
  here().answer(
      std::move(request.message),
      [this, asker = std::move(asker)](ClusterResponse const& response) { respond(asker, response); });
}

void PubSubCluster::respond(Asker const& asker, ClusterResponse const& response) {
  auto const channel = channel_to(asker);
  if (asker.type == RedisRequestType::sockets) {
    send_to(channel, encode_names(asker.type, asker.id, ids_of(response.sockets)));
  } else if (asker.type == RedisRequestType::all_rooms) {
    send_to(channel, encode_names(asker.type, asker.id, rooms_of(response.sockets)));
  } else if (response.type != ClusterResponse::Type::ack) {
    send_to(channel, encode_response(asker.id, response));
  } else if (response.error == AckError::none) {
    // This format has no place for a client that has left.
    publish_spelled(channel, encode_response(asker.id, response));
  }
}

std::string PubSubCluster::channel_to(Asker const& asker) const {
  // The official adapter answers a server-side emit on the channel of all, whatever was set.
  bool const to_one = answers_one_ && !asker.uid.empty() && asker.type != RedisRequestType::server_side_emit;
  return to_one ? specific_channel(key_, asker.nsp, asker.uid) : emitter::response_channel(key_, asker.nsp);
}

void PubSubCluster::on_response(std::string_view bytes) {
  auto const text = spelling_.read(bytes, Spelling::Json::yes);
  auto const id = text ? request_of_response(*text) : std::nullopt;
  if (!id) return here().count_malformed();
  // Everybody hears the answers for all.
  auto const request = find_request(*id);
  if (!request) return;
  auto response = decode_response(*text);
  if (!response) return here().count_malformed();
  here().count_received();
  answered(*request, std::move(*response));
}

}  // namespace

std::unique_ptr<Adapter> RedisAdapter::operator()(ClusterMember& here) const {
  return std::make_unique<PubSubCluster>(here, *this);
}

}}}  // namespace aerie::v1::cluster
