#include "cluster/sharded_protocol.hpp"
#include "cluster/stream_reader.hpp"
#include "cluster/streams_codec.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/core/log.hpp>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterAction;
using socketio::ClusterMessage;

namespace {

void require(bool holds, std::string_view what) {
  if (!holds) throw std::invalid_argument(core::concat("aerie: ", what));
}

RedisStreamsAdapter checked(RedisStreamsAdapter options) {
  require(!options.stream_name.empty(),
          "stream_name of the Redis streams adapter is empty: it is the key of the stream; the official "
          "adapter's is socket.io");
  require(options.stream_count >= 1 && options.stream_count <= 1000,
          "stream_count of the Redis streams adapter is not between 1 and 1000: each namespace has one of so "
          "many; 1 is usual");
  require(
      options.max_len >= 1,
      "max_len of the Redis streams adapter is 0: no server would read what it keeps; give it at least 1, "
      "10000 is usual");
  require(options.read_count >= 1,
          "read_count of the Redis streams adapter is 0: nothing would be read; give it at least 1, 100 is "
          "usual");
  require(options.block_time >= core::Milliseconds{10} && options.block_time < options.client.ping_interval,
          "block_time of the Redis streams adapter is below 10 ms or not shorter than client.ping_interval: "
          "Redis would be asked without end, or be taken for dead while it waits; 2 s is usual");
  return options;
}

// The adapter of `@socket.io/redis-streams-adapter`.
class StreamsCluster final : public ShardedProtocol {
 public:
  StreamsCluster(ClusterMember& here, RedisStreamsAdapter const& options)
      : ShardedProtocol(here,
                        {.pub_sub = options.use_sharded_pub_sub ? PubSub::sharded : PubSub::plain,
                         .id = here.server_id(),
                         .url = options.url,
                         .client = options.client,
                         .signing = {},
                         .requests_timeout = options.requests_timeout},
                        options.channel_prefix, ShardedForm::msgpack),
        options_(options),
        max_len_(std::to_string(options_.max_len)) {}

 private:
  void opened() override;
  void closed() override;
  void subscribe(Space& space) override;
  void send(std::string_view id, ClusterMessage const& message) override;

  std::string stream(std::string_view nsp) const {
    return stream_of(nsp, options_.stream_name, options_.stream_count);
  }
  StreamReader& reader(std::string const& stream);
  void located(std::string_view stream);
  void append(ClusterMessage const& message);
  void entered(redis::Reply const& fields);

  RedisStreamsAdapter options_;
  std::string max_len_;
  bool open_ = false;
  std::map<std::string, std::unique_ptr<StreamReader>> readers_;
};

/// What does not concern those who come later is published, as is what needs an answer: nobody waits long for
/// that.
bool is_ephemeral(std::string_view id, ClusterAction action) noexcept {
  return !id.empty() || action == ClusterAction::server_side || action == ClusterAction::fetch;
}

void StreamsCluster::opened() {
  open_ = true;
  for (auto const& [stream, reader] : readers_)
    reader->open();
}

void StreamsCluster::closed() {
  open_ = false;
  for (auto const& [stream, reader] : readers_)
    reader->close();
}

/// One for each stream, so that none waits for what comes in another.
StreamReader& StreamsCluster::reader(std::string const& stream) {
  auto& reader = readers_[stream];
  if (reader) return *reader;
  auto client = options_.client;
  client.url = options_.url;
  client.on_state = {};
  reader = std::make_unique<StreamReader>(
      here().home(), std::move(client),
      StreamReader::Settings{.stream = stream,
                             .count = options_.read_count,
                             .block = options_.block_time,
                             .pause = options_.client.reconnect_delay},
      StreamReader::Events{.on_located = [this, stream] { located(stream); },
                           .on_entry = [this](auto, redis::Reply const& fields) { entered(fields); },
                           .on_batch = {},
                           .on_lost = {}});
  if (open_) reader->open();
  return *reader;
}

/// Nobody counts this server before it knows from where on it reads: until then it has not missed anything.
void StreamsCluster::subscribe(Space& space) {
  if (reader(stream(space.nsp)).located()) listen(space);
}

void StreamsCluster::located(std::string_view stream) {
  for_each_space([&](Space& space) {
    if (space.subscriptions.empty() && this->stream(space.nsp) == stream) listen(space);
  });
}

// --- What this server sends

void StreamsCluster::send(std::string_view id, ClusterMessage const& message) {
  if (!is_ephemeral(id, message.action)) return append(message);
  publish_on(counted_channel(message.nsp), id, message);
}

void StreamsCluster::append(ClusterMessage const& message) {
  auto const to = stream(message.nsp);
  auto const fields = encode_entry(own_id(), message);
  std::vector<std::string_view> command{"XADD", to, "MAXLEN", "~", max_len_, "*"};
  command.insert(command.end(), fields.begin(), fields.end());
  redis().append(command,
                 [this](redis::Answer const& answer) { answer ? here().count_sent() : here().count_lost(); });
}

// --- What comes

void StreamsCluster::entered(redis::Reply const& fields) {
  Entry entry;
  switch (decode_entry(fields, entry)) {
    case Decoded::message:
      if (entry.message.uid != own_id()) handle(entry.nsp, entry.message);
      break;
    case Decoded::garbage:
      here().count_malformed();
      break;
    case Decoded::own:
    case Decoded::foreign:
      break;
  }
}

}  // namespace

std::unique_ptr<Adapter> RedisStreamsAdapter::operator()(ClusterMember& here) const {
  return std::make_unique<StreamsCluster>(here, checked(*this));
}

}}}  // namespace aerie::v1::cluster
