#include "cluster/session_codec.hpp"
#include "cluster/session_store.hpp"
#include "cluster/sharded_protocol.hpp"
#include "cluster/stream_history.hpp"
#include "cluster/stream_reader.hpp"
#include "cluster/stream_writer.hpp"
#include "cluster/streams_codec.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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
  require(options.keep_for >= core::Milliseconds{1'000},
          "keep_for of the Redis streams adapter is below 1 s; 5 min is usual");
  require(
      options.wait_replicas <= 100,
      "wait_replicas of the Redis streams adapter is more than 100: it is the number of replicas that must "
      "have an event before it is confirmed; 1 is usual");
  require(options.wait_replicas == 0 || options.delivery == Delivery::exactly_once,
          "wait_replicas of the Redis streams adapter needs delivery = exactly_once: at most once nothing is "
          "confirmed; set delivery, or leave wait_replicas at 0");
  return options;
}

// What a server is told on its own channel beside the messages of the protocol: of its sessions, and of the
// answers to its events, at other servers.
constexpr std::string_view session_taken = "taken:";
constexpr std::string_view event_answered = "answered:";
constexpr core::Milliseconds between_marks{1'000};

// The adapter of `@socket.io/redis-streams-adapter`.
class StreamsCluster final : public ShardedProtocol, private socketio::EventLog {
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
        max_len_(std::to_string(options_.max_len)),
        sessions_(redis(), options_.session_key_prefix),
        history_(redis(), is_exact()) {}

  socketio::EventLog* event_log() noexcept override { return this; }

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
  void tell_what_was_read();
  bool hear(std::string_view payload) override;
  bool is_exact() const noexcept { return options_.delivery == Delivery::exactly_once; }
  StreamWriter& writer(std::string const& stream);
  void lost(std::string_view stream, socketio::LogPosition at);
  void warn_of_others(std::string_view uid);
  void add(ClusterMessage const& message, UniqueFunction<void(bool)> done);
  void entered(socketio::LogPosition at, redis::Reply const& fields);

  // --- EventLog
  core::Milliseconds keeps_for() const noexcept override {
    return is_exact() ? options_.keep_for : core::Milliseconds{0};
  }
  void append(std::shared_ptr<ClusterMessage const> const& message,
              UniqueFunction<void(bool)> done) override {
    add(*message, std::move(done));
  }
  void read(std::string_view nsp, socketio::LogPosition after, StreamHistory::Done done) override {
    history_.read(stream(nsp), std::string(nsp), after, std::move(done));
  }
  void save(socketio::SessionRecord const& record, Times times, bool if_unknown,
            UniqueFunction<void(Kept)> done) override {
    sessions_.save(record, times, if_unknown, std::move(done));
  }
  void load(std::string_view pid,
            UniqueFunction<void(std::optional<socketio::SessionRecord>)> done) override {
    sessions_.load(pid, std::move(done));
  }
  void take(socketio::SessionRecord const& record, std::string_view taker,
            UniqueFunction<void(bool)> done) override;
  void forget(std::string_view pid, std::string_view owner, core::Milliseconds time,
              UniqueFunction<void(bool)> done) override {
    sessions_.forget(pid, owner, time, std::move(done));
  }
  void expire(std::string_view pid, std::string_view owner, core::Milliseconds time,
              UniqueFunction<void(Expiry)> done) override {
    sessions_.expire(pid, owner, time, std::move(done));
  }
  void answer(std::string_view server, socketio::ClusterResponse const& response) override {
    send_to(channel("/", server), core::concat(event_answered, encode_answer(response)));
  }

  RedisStreamsAdapter options_;
  std::string max_len_;
  bool open_ = false;
  SessionStore sessions_;
  StreamHistory history_;
  std::map<std::string, std::unique_ptr<StreamReader>> readers_;
  /// Runs since something was read.
  core::Timer marks_ = core::Timer::calling<&StreamsCluster::tell_what_was_read>(this);
  std::map<std::string, std::unique_ptr<StreamWriter>> writers_;
};

/// What does not concern those who come later is published, as is what needs an answer: nobody waits long for
/// that.
bool is_ephemeral(std::string_view id, ClusterAction action) noexcept {
  return !id.empty() || action == ClusterAction::server_side || action == ClusterAction::fetch;
}

void StreamsCluster::opened() {
  open_ = true;
  if (is_exact()) {
    here().log().info(
        "cluster",
        "events are delivered exactly once to clients that come back in time, as long as all servers of "
        "this cluster are Aerie's with delivery = exactly_once; with official ones among them the "
        "promise is theirs");
  }
  for (auto const& [stream, reader] : readers_)
    reader->open();
}

void StreamsCluster::closed() {
  open_ = false;
  marks_.cancel();
  history_.clear();
  for (auto const& [stream, writer] : writers_)
    writer->clear();
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
                             .pause = options_.client.reconnect_delay,
                             .is_exact = is_exact()},
      StreamReader::Events{.on_located = [this, stream] { located(stream); },
                           .on_entry = [this](auto at, redis::Reply const& fields) { entered(at, fields); },
                           .on_batch =
                               [this](auto) {
                                 if (!marks_.pending()) here().home().start(marks_, between_marks);
                               },
                           .on_lost = [this, stream](auto at) { lost(stream, at); },
                           .on_looked =
                               [this, stream] {
                                 // What this server has confirmed may be lost before it has read it itself.
                                 if (is_exact()) writer(stream).check();
                               }});
  if (open_) reader->open();
  return *reader;
}

/// Nobody counts this server before it knows from where on it reads: until then it has not missed anything.
void StreamsCluster::subscribe(Space& space) {
  auto const& from = reader(stream(space.nsp));
  if (!from.located()) return;
  // Of a stream that is not there yet no entry has the least id that there can be.
  here().log_begins(space.nsp, std::max(from.position(), socketio::LogPosition{0, 1}));
  listen(space);
}

void StreamsCluster::located(std::string_view stream) {
  for_each_space([&](Space& space) {
    if (space.subscriptions.empty() && this->stream(space.nsp) == stream) subscribe(space);
  });
}

/// What was read of a stream may be of other namespaces than most of those that it has.
void StreamsCluster::tell_what_was_read() {
  for_each_space([&](Space& space) {
    if (!space.subscriptions.empty()) here().log_read(space.nsp, reader(stream(space.nsp)).position());
  });
}

// --- What this server sends

void StreamsCluster::send(std::string_view id, ClusterMessage const& message) {
  if (!is_ephemeral(id, message.action)) return add(message, {});
  publish_on(counted_channel(message.nsp), id, message);
}

void StreamsCluster::add(ClusterMessage const& message, UniqueFunction<void(bool)> done) {
  auto const to = stream(message.nsp);
  auto const fields = encode_entry(own_id(), message);
  auto tell = [this, done = std::move(done)](bool taken) mutable {
    taken ? here().count_sent() : here().count_lost();
    if (done) done(taken);
  };
  if (is_exact()) {
    std::vector<std::string> marked(fields.begin(), fields.end());
    marked.insert(marked.end(), {"aerie", "1"});
    return writer(to).add(std::move(marked), std::move(tell));
  }
  std::vector<std::string_view> command{"XADD", to, "MAXLEN", "~", max_len_, "*"};
  command.insert(command.end(), fields.begin(), fields.end());
  redis().append(command, [tell = std::move(tell)](redis::Answer const& answer) mutable {
    tell(static_cast<bool>(answer));
  });
}

StreamWriter& StreamsCluster::writer(std::string const& stream) {
  auto& writer = writers_[stream];
  if (writer) return *writer;
  auto const warn = [this] {
    here().log().write_limited(
        LogLevel::warning, "cluster", "ceiling",
        core::concat(
            "the stream is at its ceiling of ", max_len_,
            " entries, and loses them before keep_for has passed: clients that were away for longer are not "
            "recovered; raise max_len of the Redis streams adapter"));
  };
  writer = std::make_unique<StreamWriter>(
      here().home(), redis(),
      StreamWriter::Settings{.stream = stream,
                             .name = own_id(),
                             .keep = options_.keep_for,
                             .ceiling = options_.max_len,
                             .limit = options_.client.outbox_limit,
                             .pause = options_.client.reconnect_delay,
                             .replicas = options_.wait_replicas},
      [&reader = reader(stream)] { return reader.position(); }, warn);
  return *writer;
}

// --- Sessions

/// Its owner finds out when it keeps the session next, which is at once if it is told.
void StreamsCluster::take(socketio::SessionRecord const& record, std::string_view taker,
                          UniqueFunction<void(bool)> done) {
  auto const server = record.owner.substr(0, record.owner.find(':'));
  sessions_.take(record, taker,
                 [this, server, pid = record.pid, done = std::move(done)](bool is_taken) mutable {
                   if (is_taken && server == own_id()) {
                     here().session_taken(pid);
                   } else if (is_taken && !server.empty()) {
                     send_to(channel("/", server), core::concat(session_taken, pid));
                   }
                   done(is_taken);
                 });
}

bool StreamsCluster::hear(std::string_view payload) {
  if (payload.starts_with(session_taken)) {
    here().session_taken(payload.substr(session_taken.size()));
    return true;
  }
  if (!payload.starts_with(event_answered)) return false;
  auto response = decode_answer(payload.substr(event_answered.size()));
  response ? here().answered(std::move(*response)) : here().count_malformed();
  return true;
}

// --- What comes

/// What the stream had last may never have come here.
void StreamsCluster::lost(std::string_view stream, socketio::LogPosition at) {
  here().log().write_limited(
      LogLevel::warning, "cluster", "stream lost",
      core::concat("the stream ", stream,
                   " lacks what was in it (was Redis emptied, or has another taken over, or was it cut off "
                   "before this server has read it?)",
                   is_exact() ? ": clients are told that they may have missed something" : ""));
  for_each_space([&](Space& space) {
    if (space.subscriptions.empty() || this->stream(space.nsp) != stream) return;
    is_exact() ? here().log_lost(space.nsp, at) : here().log_begins(space.nsp, at);
  });
}

void StreamsCluster::warn_of_others(std::string_view uid) {
  here().log().write_once(
      LogLevel::warning, "cluster", "not exact",
      core::concat("server ", uid,
                   " writes to the stream without delivery = exactly_once (is it an official one?): "
                   "what it emits is delivered as that server promises it; this is said once"));
}

void StreamsCluster::entered(socketio::LogPosition at, redis::Reply const& fields) {
  Entry entry;
  auto const decoded = decode_entry(fields, entry);
  switch (decoded) {
    case Decoded::message:
      break;
    case Decoded::garbage:
      return here().count_malformed();
    case Decoded::own:
    case Decoded::foreign:
      return;
  }
  if (is_exact() && !entry.is_exact) warn_of_others(entry.message.uid);
  auto const is_own = entry.message.uid == own_id();
  auto* const message = std::get_if<ClusterMessage>(&entry.message.body);
  if (message == nullptr || !entry.message.id.empty()) {
    if (!is_own) handle(entry.nsp, entry.message);
    return;
  }
  if (!is_own) here().count_received();
  here().deliver_logged(std::move(*message), at, is_own);
}

}  // namespace

std::unique_ptr<Adapter> RedisStreamsAdapter::operator()(ClusterMember& here) const {
  return std::make_unique<StreamsCluster>(here, checked(*this));
}

}}}  // namespace aerie::v1::cluster
