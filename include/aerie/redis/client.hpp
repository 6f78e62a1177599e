#pragma once

/// \file
/// A client of Redis (or Valkey): commands and subscriptions over connections that come back by themselves.
/// Nothing of it waits: answers, messages and changes of state arrive as calls in turns of its shard.
///
///     aerie::redis::Client redis(shard, {.url = "redis://localhost"});
///     redis.open();
///     auto news = redis.subscribe("news", [](aerie::redis::Message const& message) { ... });
///     redis.publish("news", "something has happened");
///     redis.command({"INCR", "visits"}, [](aerie::redis::Answer answer) {
///       if (answer) use(answer.reply.integer()); else log(answer.why());
///     });
///
/// Thread contract: all of it belongs to the shard it is made for, on which every callback is made. It may be
/// destroyed anywhere while the runtime does not run. A callback may do anything, destroy the client too;
/// what it throws is reported.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/redis/client_options.hpp>
#include <aerie/redis/reply.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

namespace core {
class Shard;
}  // namespace core

namespace redis {

class ClientState;
struct Listening;

/// Why a command has no reply.
enum class CommandError : std::uint8_t {
  none,             ///< It has one, which may be an error of Redis' own.
  timed_out,        ///< None came in time. If it was sent, Redis may have done it, or still do it.
  connection_lost,  ///< It was sent, and the connection ended before the reply: it may have been done.
  not_sent,     ///< The client was closed, or never was connected until the deadline, or Redis did not take
                ///< it until then (`Client::publish`): it was not done.
  outbox_full,  ///< As much waits to be sent as may (`ClientOptions::outbox_limit`): it was not done.
};

/// What has become of a command.
struct Answer {
  /// Why there is no reply; `none` if there is.
  CommandError error = CommandError::none;
  /// What Redis has said.
  Reply reply = {};

  /// True if it was done: there is a reply, and it is no error.
  explicit operator bool() const noexcept { return error == CommandError::none && !reply.is_error(); }
  /// Why it was not, in words: Redis' own, if it has said anything.
  AERIE_API std::string_view why() const noexcept;
};

/// What was published to a channel. The views hold during the call.
struct Message {
  /// The channel that it was published to.
  std::string_view channel;
  /// Any bytes.
  std::string_view payload;
  /// The pattern by which it was found, for `psubscribe`.
  std::string_view pattern = {};
};

/// A part in a subscription; its end unsubscribes (from Redis, if it was the last one for that channel). May
/// outlive the client. Belongs to the client's shard.
class AERIE_API Subscription {
 public:
  Subscription() noexcept = default;
  Subscription(Subscription&&) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription() { reset(); }

  /// From now on its handler is not called any more.
  void reset() noexcept;
  /// True while Redis has confirmed it on a connection that lives.
  bool active() const noexcept;
  explicit operator bool() const noexcept { return listening_ != nullptr; }

 private:
  friend class ClientState;
  explicit Subscription(std::shared_ptr<Listening> listening) noexcept : listening_(std::move(listening)) {}
  std::shared_ptr<Listening> listening_;
};

/// What a client has done so far.
struct ClientStats {
  std::uint64_t commands = 0;   ///< Handed to the network, publications included.
  std::uint64_t published = 0;  ///< Publications that Redis has confirmed.
  std::uint64_t dropped = 0;  ///< Commands that were never sent, or not taken: outbox full, deadline, close.
  std::uint64_t unconfirmed = 0;  ///< Commands that were sent and may not have been done.
  std::uint64_t messages = 0;     ///< Received by subscriptions.
  std::uint64_t reconnects = 0;   ///< Connections that were made anew after one was lost.
  std::uint64_t failures = 0;     ///< Attempts to connect that came to nothing.
  std::uint64_t gaps =
      0;  ///< Times that subscriptions were interrupted: what was published meanwhile is lost.
  std::uint64_t protocol_errors = 0;  ///< Replies that were none, or more than `ClientOptions::limits`.
  /// Of the protocol, before TLS.
  std::uint64_t bytes_sent = 0;
  /// Of the protocol, after TLS.
  std::uint64_t bytes_received = 0;
  std::size_t outbox = 0;   ///< Bytes that wait at present: to be sent, and for replies.
  std::size_t pending = 0;  ///< Commands that wait for a reply at present.
};

/// A client of one Redis server, of a master that sentinels know, or of a cluster: commands, publications and
/// subscriptions, with connections that are made anew when they are lost. Belongs to its shard: all of it is
/// called there, and calls back there.
class AERIE_API Client {
 public:
  /// Called once with what has become of a command.
  using OnAnswer = UniqueFunction<void(Answer)>;
  /// The same of a command that went to several nodes.
  using OnAnswers = UniqueFunction<void(std::vector<Answer>)>;
  /// Called with each message of a subscription.
  using OnMessage = UniqueFunction<void(Message const&)>;
  /// Redis has confirmed a subscription: from now on messages come. `again`: it was interrupted before, and
  /// what was published meanwhile has not come and will not.
  using OnSubscribed = UniqueFunction<void(bool again)>;

  /// Throws std::invalid_argument, naming the setting and the remedy, for impossible options, and
  /// std::runtime_error for files of `tls` that can't be used; an error of the URL shows no password.
  Client(core::Shard& shard, ClientOptions options);
  /// Nothing of it is called any more; what waits is not answered. `close` comes first where that matters.
  ~Client();
  Client(Client const&) = delete;
  Client& operator=(Client const&) = delete;

  /// Begins to connect. A Redis that is not there is no error: it is tried again, for ever, with growing
  /// pauses, and `on_state` says why.
  void open();
  /// Ends it all: what waits is answered (`not_sent`, `connection_lost`) before this returns, what can be
  /// sent at once is, and after that nothing of it is called any more. It may be opened again.
  void close();

  /// How it stands, as last told to `on_state`.
  State state() const noexcept;
  /// Whether commands are sent at once.
  bool ready() const noexcept { return state() == State::ready; }
  /// The reason of the present state, as last told to `on_state`.
  StateChange const& last_change() const noexcept;
  /// What it has done since it was made.
  ClientStats stats() const noexcept;

  // --- Commands, in the order of the calls. What is called before the connection is ready waits for it, in
  // the same order, until the command's deadline.

  /// Sends a command. False: the outbox is full, or the client is not open; then `done` is called before this
  /// returns. Else it is called exactly once: with the reply, or at `deadline` (`Milliseconds{0}`: the
  /// options' `command_timeout`) without one. Not for commands that change what a connection is: SUBSCRIBE,
  /// MULTI, AUTH, SELECT, MONITOR, CLIENT REPLY and such. One that blocks (XREAD BLOCK) keeps all that follow
  /// waiting: such need a client of their own, and have to end before `ClientOptions::ping_interval`.
  ///
  /// In a cluster it goes to the node that has the first argument after the command's name, as the key; with
  /// `CommandOptions::key` to that key's, and to any node if there is none.
  bool command(std::initializer_list<std::string_view> args, OnAnswer done = {}, CommandOptions options = {});
  bool command(std::span<std::string_view const> args, OnAnswer done = {}, CommandOptions options = {});

  /// Sends a command that is about a node and no key to all that there are: in a cluster to every node with
  /// slots, else to the one server. `done` is called once, with their answers in no order.
  void command_everywhere(std::span<std::string_view const> args, OnAnswers done,
                          CommandOptions options = {});

  /// PUBLISH: to everybody who is subscribed, anywhere in a cluster. `done`, if it is wanted, is answered
  /// with the number of those who received it (in a cluster: from the node that was asked). While Redis says
  /// that it takes nothing now (BUSY, CLUSTERDOWN ...), publications wait as for a connection, in their
  /// order.
  bool publish(std::string_view channel, std::string_view payload, OnAnswer done = {});
  /// SPUBLISH (Redis 7): to those who are subscribed by `ssubscribe`.
  bool spublish(std::string_view channel, std::string_view payload, OnAnswer done = {});

  /// Sends a command that is one of a sequence, as XADD is: it keeps its place among these and publications,
  /// and waits with them while Redis says that it takes nothing now.
  bool append(std::span<std::string_view const> args, OnAnswer done = {}, CommandOptions options = {});

  // --- Subscriptions. They are made anew on every connection. A channel may be subscribed to many times,
  // which is one subscription for Redis. Names are any bytes.

  /// SUBSCRIBE: what is published to one channel, until the Subscription ends.
  [[nodiscard]] Subscription subscribe(std::string_view channel, OnMessage on_message,
                                       OnSubscribed on_subscribed = {});
  /// PSUBSCRIBE: every channel whose name matches a pattern as of a shell.
  [[nodiscard]] Subscription psubscribe(std::string_view pattern, OnMessage on_message,
                                        OnSubscribed on_subscribed = {});
  /// SSUBSCRIBE (Redis 7): in a cluster, at the node that has the channel's slot, wherever it moves.
  [[nodiscard]] Subscription ssubscribe(std::string_view channel, OnMessage on_message,
                                        OnSubscribed on_subscribed = {});

 private:
  std::unique_ptr<ClientState> state_;
};

}  // namespace redis
}}  // namespace aerie::v1
