#include "cluster/redis_cluster.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/random.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <functional>
#include <span>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterAction;
using socketio::ClusterMessage;
using socketio::RequestId;
using namespace std::chrono_literals;

namespace {

// While somebody is waited for, it is asked this often who is still there.
constexpr auto recount_interval = 250ms;
// What is on its way when a server ends gets so long to arrive.
constexpr auto farewell = 1s;

redis::ClientOptions client_options(redis::ClientOptions options, std::string url,
                                    std::function<void(redis::StateChange const&)> on_state) {
  options.url = std::move(url);
  options.on_state = std::move(on_state);
  return options;
}

std::uint64_t random_number() {
  return std::bit_cast<std::uint64_t>(core::random_bytes<sizeof(std::uint64_t)>());
}

emitter::SigningOptions checked(emitter::SigningOptions signing, redis::ClientOptions const& client) {
  if (!signing.keys.empty() && signing.max_age <= client.command_timeout)
    throw std::invalid_argument(
        "aerie: signing.max_age of the Redis adapter is not longer than client.command_timeout: what waits "
        "for "
        "Redis so long would be refused when it comes; make it longer, 60 s is usual");
  return signing;
}

std::string_view explanation(emitter::Refusal refusal) noexcept {
  switch (refusal) {
    case emitter::Refusal::not_signed:
      return " (of a server or emitter without signing.keys, or forged)";
    case emitter::Refusal::wrong_key:
      return " (of a server or emitter whose first key is none of signing.keys here, or forged)";
    case emitter::Refusal::too_old:
      return " (the clocks of two servers differ by more than signing.max_age, or it was recorded)";
    default:
      return " (somebody has recorded it)";
  }
}

std::string same_id(std::string_view id) {
  return core::concat(
      "another server of this cluster has the id of this one, ", id,
      ": each ignores what the other publishes; restart one of them (it is drawn at the start; "
      "was a running machine copied?)");
}

// PUBSUB NUMSUB and SHARDNUMSUB answer with a list: the channel, and how many are subscribed to it at this
// node.
std::optional<std::size_t> subscribers(std::span<redis::Answer const> answers) {
  std::size_t sum = 0;
  for (auto const& answer : answers) {
    if (!answer || !answer.reply[1].is_integer()) return std::nullopt;
    sum += static_cast<std::size_t>(std::max<std::int64_t>(answer.reply[1].integer(), 0));
  }
  return sum;
}

}  // namespace

RedisCluster::RedisCluster(ClusterMember& here, Settings settings)
    : here_(here),
      pub_sub_(settings.pub_sub),
      id_(std::move(settings.id)),
      requests_timeout_(settings.requests_timeout),
      signer_(checked(std::move(settings.signing), settings.client), "the Redis adapter"),
      recount_(core::Timer::calling<&RedisCluster::count_again>(this)),
      id_watch_(id_),
      watch_(core::Timer::calling<&RedisCluster::watch_id>(this)),
      redis_(here.home(), client_options(std::move(settings.client), std::move(settings.url),
                                         [this](redis::StateChange const& change) { changed(change); })) {
  if (requests_timeout_ < 1ms)
    throw std::invalid_argument(
        "aerie: requests_timeout of the Redis adapter is below 1 ms: no server could answer in time; give it "
        "at least 1 ms, 5 s is usual");
}

void RedisCluster::open() {
  id_watch_.reset();
  here_.report(ClusterState::starting);
  redis_.open();
  opened();
}

void RedisCluster::close(UniqueFunction<void()> done) {
  recount_.cancel();
  watch_.cancel();
  auto finish = [this, done = std::move(done)](redis::Answer const&) mutable {
    spaces_.clear();
    requests_.clear();
    redis_.close();
    closed();
    here_.report(ClusterState::closed);
    done();
  };
  // When it is answered, everything before it has been sent.
  redis_.command({"PING"}, std::move(finish), {.deadline = redis_.ready() ? farewell : 1ms});
}

void RedisCluster::publish(std::shared_ptr<ClusterMessage const> const& message) {
  send({}, *message);
}

void RedisCluster::request(std::shared_ptr<ClusterMessage const> const& message) {
  auto const request = message->request;
  auto const name = name_of(request);
  if (!redis_.ready()) {
    // What it tells others is sent when they can be reached again; the answers will be of no interest then.
    if (message->action != ClusterAction::fetch) send(name, *message);
    here_.unreachable(request);
    return;
  }
  auto& timers = here_.home().timers();
  auto const now = here_.home().now();
  // Clients have the time that their broadcast says.
  auto const deadline =
      message->action == ClusterAction::broadcast ? core::TimePoint::max() : now + requests_timeout_;
  requests_.open(name, *message, deadline);
  // Redis does one after the other: those that are counted are those that are asked.
  count(message->nsp, [this, request](std::optional<std::size_t> servers) {
    if (!servers) return here_.unreachable(request);
    here_.expect(request, requests_.asked(request, *servers > 0 ? *servers - 1 : 0));
  });
  send(name, *message);
  if (!recount_.pending()) timers.start(recount_, now + recount_interval);
}

void RedisCluster::answered(RequestId request, socketio::ClusterResponse response) {
  if (response.type != socketio::ClusterResponse::Type::ack) requests_.answered(request);
  response.request = request;
  here_.answered(std::move(response));
}

void RedisCluster::count_servers(UniqueFunction<void(std::size_t)> done) {
  if (!redis_.ready()) return done(1);
  // Every server has the default namespace.
  count("/", [done = std::move(done)](std::optional<std::size_t> servers) mutable {
    done(std::max<std::size_t>(servers.value_or(1), 1));
  });
}

void RedisCluster::count(std::string_view nsp, UniqueFunction<void(std::optional<std::size_t>)> done) {
  auto const channel = counted_channel(nsp);
  redis::CommandOptions const options{.deadline = requests_timeout_, .key = channel};
  if (pub_sub_ == PubSub::plain) {
    auto sum = [done = std::move(done)](auto const& answers) mutable { done(subscribers(answers)); };
    redis_.command_everywhere(std::array<std::string_view, 3>{"PUBSUB", "NUMSUB", channel}, std::move(sum),
                              options);
  } else {
    auto one = [done = std::move(done)](redis::Answer const& answer) mutable {
      done(subscribers({&answer, 1}));
    };
    redis_.command({"PUBSUB", "SHARDNUMSUB", channel}, std::move(one), options);
  }
}

void RedisCluster::count_again() {
  auto const now = here_.home().now();
  give_up(requests_.expired(now));
  for (auto& nsp : requests_.waiting()) {
    count(nsp, [this, nsp](std::optional<std::size_t> servers) {
      if (servers) give_up(requests_.counted(nsp, *servers > 0 ? *servers - 1 : 0));
    });
  }
  if (!requests_.empty()) here_.home().timers().start(recount_, now + recount_interval);
}

void RedisCluster::give_up(std::vector<RequestTable::Gone> const& gone) {
  for (auto const& [request, servers] : gone) {
    for (std::size_t i = 0; i < servers; ++i)
      here_.gone(request);
  }
}

void RedisCluster::namespace_created(std::string_view nsp) {
  auto& space = spaces_[std::string(nsp)];
  if (space) return;
  space = std::make_unique<Space>(Space{.nsp = std::string(nsp)});
  subscribe(*space);
}

void RedisCluster::namespace_closed(std::string_view nsp) {
  spaces_.erase(std::string(nsp));
}

RedisCluster::Space* RedisCluster::find(std::string_view nsp) {
  auto const found = spaces_.find(std::string(nsp));
  return found == spaces_.end() ? nullptr : found->second.get();
}

void RedisCluster::send_to(std::string_view channel, std::string payload) {
  put(channel, std::move(payload),
      [this](redis::Answer const& answer) { answer ? here_.count_sent() : here_.count_lost(); });
}

void RedisCluster::put(std::string_view channel, std::string payload, redis::Client::OnAnswer done) {
  auto const bytes = signer_.sign(channel, std::move(payload), wall());
  if (pub_sub_ == PubSub::plain) {
    redis_.publish(channel, bytes, std::move(done));
  } else {
    redis_.spublish(channel, bytes, std::move(done));
  }
}

std::optional<std::string_view> RedisCluster::accepted(redis::Message const& got) {
  auto const [refusal, payload] = signer_.examine(got.channel, got.payload, wall());
  if (refusal == emitter::Refusal::none) return payload;
  here_.count_refused();
  auto const why = emitter::name_of(refusal);
  here_.log().write_once(
      LogLevel::warning, "cluster", core::concat("refused: ", why),
      core::concat("a message on ", got.channel, " was refused: ", why, explanation(refusal),
                   "; this is said once, ClusterStatus::refused counts them"));
  return std::nullopt;
}

core::WallTime RedisCluster::wall() const {
  return here_.home().clock().wall();
}

void RedisCluster::changed(redis::StateChange const& change) {
  tell_state();
  // All subscriptions are confirmed: whoever has this id hears it, this server included.
  if (change.state == redis::State::ready) greet(IdWatch::Kind::question);
}

void RedisCluster::tell_state() {
  auto const& change = redis_.last_change();
  switch (change.state) {
    case redis::State::connecting:
      here_.report(ClusterState::starting, change.reason);
      break;
    case redis::State::ready:
      if (id_watch_.conflict(here_.home().now())) {
        here_.report(ClusterState::degraded, same_id(id_));
      } else {
        here_.report(ClusterState::ready);
      }
      break;
    case redis::State::degraded:
      here_.report(ClusterState::degraded, change.reason);
      break;
    case redis::State::closed:
      break;
  }
}

// --- Whether another server has the id of this one

void RedisCluster::greet(IdWatch::Kind kind) {
  // Every server has the default namespace.
  put(own_channel("/"), id_watch_.greeting(random_number(), kind), {});
}

bool RedisCluster::is_greeting(std::string_view payload) {
  auto const heard = id_watch_.hear(payload, here_.home().now());
  if (heard == IdWatch::Heard::nothing) return false;
  if (heard == IdWatch::Heard::own) return true;
  here_.count_id_conflict();
  here_.log().write_limited(LogLevel::error, "cluster", "same id", same_id(id_));
  if (heard == IdWatch::Heard::question) greet(IdWatch::Kind::answer);
  if (!watch_.pending()) here_.home().start(watch_, IdWatch::interval);
  tell_state();
  return true;
}

void RedisCluster::watch_id() {
  tell_state();
  if (!id_watch_.conflict(here_.home().now())) return;
  if (redis_.ready()) greet(IdWatch::Kind::question);
  here_.home().start(watch_, IdWatch::interval);
}

}}}  // namespace aerie::v1::cluster
