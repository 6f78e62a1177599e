#pragma once

#include "redis/backoff.hpp"
#include "redis/connection.hpp"

#include <aerie/core/address.hpp>
#include <aerie/core/connector.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/tls/context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

class Link;

/// Who has links, and is told what happens to them. It may close and destroy a link within every call, the
/// latter by `Shard::retire`.
class LinkOwner {
 public:
  virtual ~LinkOwner() = default;

  /// Where to connect to, before every attempt. Nothing: not known yet, and `Link::go` will be called.
  virtual std::optional<core::Address> address_of(Link& link) = 0;
  virtual void connected(Link& link, bool cluster) = 0;
  /// It is not connected any more, or an attempt came to nothing; another follows by itself. `commands` were
  /// sent and have no reply.
  virtual void disconnected(Link& link, Trouble trouble, std::string reason,
                            std::vector<Command> commands) = 0;
  virtual void replied(Link& link, Command command, Reply reply) = 0;
  virtual void expired(std::vector<Command> commands) = 0;
  virtual void received(Link& link, SubscriptionKind kind, Message const& message) = 0;
  virtual void confirmed(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket) = 0;
  virtual void refused(Link& link, SubscriptionKind kind, std::string_view channel, std::uint64_t ticket,
                       Reply const& error) = 0;
  virtual void ended(SubscriptionKind kind, std::string_view channel) = 0;
  /// A number from [0, 1).
  virtual double draw() = 0;
};

/// A connection that comes back: connector, stream, protocol and the pauses in between. Belongs to its shard.
class Link final : private core::StreamHandler, private ConnectionOwner, private core::Runnable {
 public:
  struct Settings {
    Connection::Role role;
    Greeting greeting;
    std::shared_ptr<tls::Context const> tls = {};  // null: none
  };
  struct Traffic {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
  };

  Link(LinkOwner& owner, core::Shard& shard, ClientOptions const& options, Settings settings,
       Traffic& traffic);
  ~Link() override;

  /// Begins to connect; nothing is told before it returns.
  void open();
  /// The address that was not known is, after all.
  void go(core::Address address);
  /// If it pauses before its next attempt: not any longer, as Redis is there again.
  void hurry();
  /// Ends it: what is queued is still sent. The commands that have no reply.
  std::vector<Command> close();
  /// What the server has said shows that it is not the one to be connected to: as if it had broken off.
  void give_up(Trouble trouble, std::string reason);

  bool ready() const noexcept { return connection_ && connection_->ready(); }
  /// REQUIRES: ready().
  void send(std::span<std::string_view const> args, Command command);
  void send(Command command, bool asking = false);
  void subscribe(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket);
  void unsubscribe(SubscriptionKind kind, std::string_view channel);

  /// How long those may still pause who have lost Redis at the same time.
  core::Milliseconds pause_of_others() const noexcept { return backoff_.of_others(); }
  /// How often it has come to be.
  std::size_t times_ready() const noexcept { return times_ready_; }
  /// The last one that was tried.
  core::Address const& address() const noexcept { return address_; }
  Connection::Role role() const noexcept { return settings_.role; }
  std::size_t pending() const noexcept { return connection_ ? connection_->pending() : 0; }

 private:
  void run() override { attempt(); }
  void attempt();
  void begin(std::unique_ptr<core::Stream> stream);
  void on_timer();
  void plan();
  void plan_by(core::TimePoint time);
  std::vector<Command> tear_down(bool orderly) noexcept;

  // Of the stream.
  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_overflow() override;

  // Of the connection.
  void send(std::string_view bytes) override;
  void greeted(bool cluster) override;
  void replied(Command command, Reply reply) override {
    owner_.replied(*this, std::move(command), std::move(reply));
  }
  void expired(std::vector<Command> commands) override { owner_.expired(std::move(commands)); }
  void received(SubscriptionKind kind, Message const& message) override {
    owner_.received(*this, kind, message);
  }
  void confirmed(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket) override {
    owner_.confirmed(kind, channel, ticket);
  }
  void refused(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket,
               Reply const& error) override {
    owner_.refused(*this, kind, channel, ticket, error);
  }
  void ended(SubscriptionKind kind, std::string_view channel) override { owner_.ended(kind, channel); }
  void failed(Trouble trouble, std::string reason) override;

  LinkOwner& owner_;
  core::Shard& shard_;
  ClientOptions const& options_;
  Settings settings_;
  Traffic& traffic_;
  Backoff backoff_;
  core::Connector connector_;
  core::Address address_;
  std::unique_ptr<core::Stream> stream_;
  std::unique_ptr<Connection> connection_;
  bool open_ = false;
  std::size_t times_ready_ = 0;
  core::TimePoint attempt_began_{};
  core::TimePoint ready_since_{};
  core::TimePoint planned_ = core::TimePoint::max();
  core::Timer timer_ = core::Timer::calling<&Link::on_timer>(this);
  core::Timer retry_ = core::Timer::calling<&Link::attempt>(this);
};

}}}  // namespace aerie::v1::redis
