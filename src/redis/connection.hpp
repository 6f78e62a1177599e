#pragma once

#include "redis/reply_reader.hpp"

#include <aerie/core/address.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/redis/client.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

/// Commands that wait are looked through at most this often, however many there are and however their
/// deadlines differ.
inline constexpr core::Milliseconds expiry_step{10};

enum class SubscriptionKind : std::uint8_t { channel, pattern, shard };

/// A command that was sent, or waits to be.
struct Command {
  Client::OnAnswer done = {};
  core::TimePoint deadline = {};
  /// As it is sent: kept where it may have to be sent again, or has not been.
  std::string text = {};
  /// What it counts in the outbox.
  std::size_t cost = 0;
  /// Where its key is, in a cluster; -1: anywhere.
  std::int16_t slot = -1;
  /// In a cluster: how often it was sent elsewhere, and where it is to be asked for once (ASK).
  std::uint8_t redirections = 0;
  std::optional<core::Address> ask_at = {};
  bool publication = false;
  /// Redis has said that it does not do it now.
  bool refused = false;
  /// Publications are numbered in the order of the calls.
  std::uint64_t number = 0;
};

/// What a connection says first.
struct Greeting {
  std::string user = {};
  std::string password = {};
  unsigned database = 0;
  std::string client_name = {};
  bool ask_for_cluster = false;
  bool must_be_master = false;
};

class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;

  virtual void send(std::string_view bytes) = 0;
  /// The server has answered the greeting. `cluster`: it is a node of one, if that was asked.
  virtual void greeted(bool cluster) = 0;
  virtual void replied(Command command, Reply reply) = 0;
  /// Their deadlines have passed: their replies, if they come, are dropped.
  virtual void expired(std::vector<Command> commands) = 0;
  /// A message: by channel, or, for patterns, by pattern and channel.
  virtual void received(SubscriptionKind kind, Message const& message) = 0;
  /// `ticket` is what `subscribe` was given.
  virtual void confirmed(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket) = 0;
  virtual void refused(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket,
                       Reply const& error) = 0;
  /// The server has ended a subscription by itself: the channel's slot has gone to another node.
  virtual void ended(SubscriptionKind kind, std::string_view channel) = 0;
  /// The last call: the connection is of no use any more.
  virtual void failed(Trouble trouble, std::string reason) = 0;
};

/// One connection to a server, without I/O: bytes, commands and the time go in; bytes, replies and messages
/// come out. It carries commands or subscriptions, not both. Its owner may end it within every call, and
/// destroys it later.
class Connection {
 public:
  enum class Role : std::uint8_t { commands, subscriber };

  Connection(ConnectionOwner& owner, Role role, ReplyLimits limits, core::Milliseconds ping_interval);
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  void greet(Greeting const& greeting, core::TimePoint now);
  void receive(std::string_view bytes, core::TimePoint now);
  /// When `on_time` has to be called next.
  core::TimePoint next_deadline() const noexcept;
  void on_time(core::TimePoint now);

  /// From here on: REQUIRES that it has been greeted.
  void send(std::span<std::string_view const> args, Command command);
  /// Sends `command.text`, behind an ASKING if that is what the server has told.
  void send(Command command, bool asking = false);
  void subscribe(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket);
  void unsubscribe(SubscriptionKind kind, std::string_view channel);

  bool ready() const noexcept { return ready_ && !over_; }
  std::size_t pending() const noexcept { return expected_.size(); }
  /// Ends it: the owner is called no more. The commands that have no reply.
  std::vector<Command> end();

 private:
  enum class What : std::uint8_t {
    auth,
    name,
    select,
    info,
    role,
    greeting_ping,
    command,
    ping,
    ignored,
    subscribe,
    unsubscribe
  };
  /// A reply that is to come.
  struct Expected {
    What what;
    SubscriptionKind kind = SubscriptionKind::channel;
    bool expired = false;
    std::uint64_t ticket = 0;
    std::string channel = {};
    Command command = {};
  };

  void say(std::initializer_list<std::string_view> args, What what);
  void expect(Expected expected) { expected_.push_back(std::move(expected)); }
  void expect_by(core::TimePoint deadline) noexcept;
  void take(Reply reply);
  bool take_push(Reply const& reply);
  void take_message(SubscriptionKind kind, Reply const& reply);
  void take_confirmation(SubscriptionKind kind, bool subscribed, Reply const& reply);
  void take_expected(Expected expected, Reply reply);
  void take_greeting(What what, Reply const& reply);
  bool front_is(What what, SubscriptionKind kind, std::string_view channel) const noexcept;
  void expire(core::TimePoint now);
  void fail(Trouble trouble, std::string reason);

  ConnectionOwner& owner_;
  Role role_;
  core::Milliseconds ping_interval_;
  ReplyReader reader_;
  std::deque<Expected> expected_;
  std::string out_;
  core::TimePoint last_heard_{};
  core::TimePoint asked_for_life_{};
  core::TimePoint next_expiry_ = core::TimePoint::max();
  bool asking_for_life_ = false;
  bool cluster_ = false;
  bool ready_ = false;
  bool over_ = false;
};

}}}  // namespace aerie::v1::redis
