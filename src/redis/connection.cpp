#include "redis/connection.hpp"

#include "redis/command_text.hpp"
#include "redis/trouble.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace aerie { inline namespace v1 { namespace redis {

namespace {

// A command that was large leaves no large buffer behind.
constexpr std::size_t most_kept = 64 * 1024;

constexpr std::string_view word(SubscriptionKind kind, bool subscribe) noexcept {
  switch (kind) {
    case SubscriptionKind::channel:
      return subscribe ? "SUBSCRIBE" : "UNSUBSCRIBE";
    case SubscriptionKind::pattern:
      return subscribe ? "PSUBSCRIBE" : "PUNSUBSCRIBE";
    case SubscriptionKind::shard:
      return subscribe ? "SSUBSCRIBE" : "SUNSUBSCRIBE";
  }
  return {};
}

/// What a server sends of its own accord, by its first element.
struct Push {
  std::string_view name;
  SubscriptionKind kind;
  enum class Meaning : std::uint8_t { message, subscribed, unsubscribed } meaning;
  std::size_t size;
};
constexpr std::array<Push, 9> pushes{{
    {"message", SubscriptionKind::channel, Push::Meaning::message, 3},
    {"pmessage", SubscriptionKind::pattern, Push::Meaning::message, 4},
    {"smessage", SubscriptionKind::shard, Push::Meaning::message, 3},
    {"subscribe", SubscriptionKind::channel, Push::Meaning::subscribed, 3},
    {"psubscribe", SubscriptionKind::pattern, Push::Meaning::subscribed, 3},
    {"ssubscribe", SubscriptionKind::shard, Push::Meaning::subscribed, 3},
    {"unsubscribe", SubscriptionKind::channel, Push::Meaning::unsubscribed, 3},
    {"punsubscribe", SubscriptionKind::pattern, Push::Meaning::unsubscribed, 3},
    {"sunsubscribe", SubscriptionKind::shard, Push::Meaning::unsubscribed, 3},
}};

}  // namespace

Connection::Connection(ConnectionOwner& owner, Role role, ReplyLimits limits,
                       core::Milliseconds ping_interval)
    : owner_(owner), role_(role), ping_interval_(ping_interval), reader_(limits) {}

void Connection::greet(Greeting const& greeting, core::TimePoint now) {
  last_heard_ = now;
  if (!greeting.user.empty()) {
    say({"AUTH", greeting.user, greeting.password}, What::auth);
  } else if (!greeting.password.empty()) {
    say({"AUTH", greeting.password}, What::auth);
  }
  if (!greeting.client_name.empty()) say({"CLIENT", "SETNAME", greeting.client_name}, What::name);
  if (greeting.database != 0) say({"SELECT", std::to_string(greeting.database)}, What::select);
  if (greeting.ask_for_cluster) say({"INFO", "cluster"}, What::info);
  if (greeting.must_be_master) say({"ROLE"}, What::role);
  say({"PING"}, What::greeting_ping);
}

void Connection::say(std::initializer_list<std::string_view> args, What what) {
  expect({.what = what});
  out_.clear();
  append_command(out_, {args.begin(), args.size()});
  owner_.send(out_);
}

void Connection::send(std::span<std::string_view const> args, Command command) {
  expect_by(command.deadline);
  expect({.what = What::command, .command = std::move(command)});
  out_.clear();
  append_command(out_, args);
  owner_.send(out_);
  if (out_.capacity() > most_kept) out_ = {};
}

void Connection::send(Command command, bool asking) {
  if (asking) say({"ASKING"}, What::ignored);
  expect_by(command.deadline);
  owner_.send(command.text);
  expect({.what = What::command, .command = std::move(command)});
}

void Connection::subscribe(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket) {
  expect({.what = What::subscribe, .kind = kind, .ticket = ticket, .channel = std::string(channel)});
  out_.clear();
  append_command(out_, std::array{word(kind, true), channel});
  owner_.send(out_);
}

void Connection::unsubscribe(SubscriptionKind kind, std::string_view channel) {
  expect({.what = What::unsubscribe, .kind = kind, .channel = std::string(channel)});
  out_.clear();
  append_command(out_, std::array{word(kind, false), channel});
  owner_.send(out_);
}

void Connection::receive(std::string_view bytes, core::TimePoint now) {
  last_heard_ = now;
  asking_for_life_ = false;
  while (!bytes.empty() && !over_) {
    auto const part = bytes.substr(0, ReplyReader::slice);
    bytes.remove_prefix(part.size());
    reader_.feed(part);
    Reply reply;
    auto step = ReplyReader::Step::reply;
    while (!over_ && (step = reader_.next(reply)) == ReplyReader::Step::reply)
      take(std::move(reply));
    if (!over_ && step == ReplyReader::Step::malformed) {
      return fail(Trouble::protocol,
                  core::concat("its answer is not one of Redis' protocol: ", reader_.error()));
    }
  }
}

void Connection::take(Reply reply) {
  if (role_ == Role::subscriber && ready_ && reply.is_array()) {
    if (!take_push(reply)) fail(Trouble::protocol, "it sends what is no message of a subscription");
    return;
  }
  if (expected_.empty()) {
    if (reply.is_error()) return fail(trouble_of(reply), std::string(reply.text()));
    return fail(Trouble::protocol, "it answers what nobody has asked");
  }
  auto expected = std::move(expected_.front());
  expected_.pop_front();
  take_expected(std::move(expected), std::move(reply));
}

void Connection::take_expected(Expected expected, Reply reply) {
  switch (expected.what) {
    case What::command:
      if (!expected.expired) owner_.replied(std::move(expected.command), std::move(reply));
      return;
    case What::ping:
    case What::ignored:
      return;
    case What::subscribe:
      if (!reply.is_error()) return fail(Trouble::protocol, "it does not confirm a subscription");
      return owner_.refused(expected.kind, expected.channel, expected.ticket, reply);
    case What::unsubscribe:
      // An error: then there was nothing to be ended.
      if (!reply.is_error()) fail(Trouble::protocol, "it does not confirm the end of a subscription");
      return;
    default:
      return take_greeting(expected.what, reply);
  }
}

void Connection::take_greeting(What what, Reply const& reply) {
  if (reply.is_error()) {
    auto const trouble = trouble_of(reply);
    auto const text = std::string(reply.text());
    if (what == What::auth) return fail(Trouble::not_authenticated, text);
    if (trouble == Trouble::not_authenticated || trouble == Trouble::loading) {
      if (what != What::greeting_ping) return;  // which says the same
      return fail(trouble, text);
    }
    // A user need not be allowed to ask, and an old server does not know everything.
    auto const tolerable = trouble == Trouble::no_permission || text.find("unknown") != text.npos;
    if (what == What::select || !tolerable) return fail(trouble, text);
  }
  if (what == What::info) {
    cluster_ = reply.text().find("cluster_enabled:1") != std::string_view::npos;
  } else if (what == What::role && reply.is_array() && reply[0].text() != "master") {
    fail(Trouble::read_only, "it is no master (any more)");
  } else if (what == What::greeting_ping) {
    ready_ = true;
    owner_.greeted(cluster_);
  }
}

bool Connection::take_push(Reply const& reply) {
  auto const name = reply[0].text();
  auto const* const push =
      std::find_if(pushes.begin(), pushes.end(), [name](Push const& each) { return each.name == name; });
  if (push == pushes.end()) {
    if (name != "pong" || expected_.empty() || expected_.front().what != What::ping) return false;
    expected_.pop_front();
    return true;
  }
  if (reply.size() != push->size || !reply[1].is_text()) return false;
  if (push->meaning != Push::Meaning::message) {
    take_confirmation(push->kind, push->meaning == Push::Meaning::subscribed, reply);
    return true;
  }
  auto const& channel = reply[push->size - 2];
  auto const& payload = reply[push->size - 1];
  if (!channel.is_text() || !payload.is_text()) return false;
  auto const pattern = push->kind == SubscriptionKind::pattern ? reply[1].text() : std::string_view();
  owner_.received(push->kind, {.channel = channel.text(), .payload = payload.text(), .pattern = pattern});
  return true;
}

bool Connection::front_is(What what, SubscriptionKind kind, std::string_view channel) const noexcept {
  if (expected_.empty()) return false;
  auto const& front = expected_.front();
  return front.what == what && front.kind == kind && front.channel == channel;
}

void Connection::take_confirmation(SubscriptionKind kind, bool subscribed, Reply const& reply) {
  auto const channel = reply[1].text();
  if (front_is(subscribed ? What::subscribe : What::unsubscribe, kind, channel)) {
    auto const expected = std::move(expected_.front());
    expected_.pop_front();
    if (subscribed) owner_.confirmed(kind, expected.channel, expected.ticket);
  } else if (!subscribed) {
    owner_.ended(kind, channel);
  } else {
    fail(Trouble::protocol, "it confirms a subscription that nobody has asked for");
  }
}

core::TimePoint Connection::next_deadline() const noexcept {
  auto const life = (asking_for_life_ ? asked_for_life_ : last_heard_) + ping_interval_;
  return std::min(life, next_expiry_);
}

void Connection::expect_by(core::TimePoint deadline) noexcept {
  next_expiry_ = std::min(next_expiry_, deadline);
}

void Connection::on_time(core::TimePoint now) {
  if (now >= next_expiry_) expire(now);
  // Until it is greeted, its owner has a deadline of its own.
  if (over_ || !ready_) return;
  if (asking_for_life_ && now >= asked_for_life_ + ping_interval_) {
    return fail(Trouble::unresponsive,
                core::concat(
                    "it has not answered for ",
                    std::to_string(std::chrono::duration_cast<core::Milliseconds>(now - last_heard_).count()),
                    " ms"));
  }
  if (!asking_for_life_ && now >= last_heard_ + ping_interval_) {
    asking_for_life_ = true;
    asked_for_life_ = now;
    say({"PING"}, What::ping);
  }
}

void Connection::expire(core::TimePoint now) {
  next_expiry_ = core::TimePoint::max();
  std::vector<Command> late;
  for (auto& expected : expected_) {
    if (expected.what != What::command || expected.expired) continue;
    if (expected.command.deadline > now) {
      expect_by(expected.command.deadline);
      continue;
    }
    expected.expired = true;
    late.push_back(std::move(expected.command));
  }
  if (next_expiry_ != core::TimePoint::max()) next_expiry_ = std::max(next_expiry_, now + expiry_step);
  owner_.expired(std::move(late));
}

void Connection::fail(Trouble trouble, std::string reason) {
  if (over_) return;
  if (reason.empty()) reason = "it answers an error without a word";
  // The owner ends it, and takes the commands.
  owner_.failed(trouble, std::move(reason));
}

std::vector<Command> Connection::end() {
  over_ = true;
  std::vector<Command> commands;
  for (auto& expected : std::exchange(expected_, {})) {
    if (expected.what == What::command && !expected.expired) commands.push_back(std::move(expected.command));
  }
  return commands;
}

}}}  // namespace aerie::v1::redis
