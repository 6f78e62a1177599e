#include "redis/link.hpp"

#include <aerie/core/log.hpp>
#include <aerie/tls/stream.hpp>

#include <chrono>
#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace redis {

Link::Link(LinkOwner& owner, core::Shard& shard, ClientOptions const& options, Settings settings,
           Traffic& traffic)
    : owner_(owner),
      shard_(shard),
      options_(options),
      settings_(std::move(settings)),
      traffic_(traffic),
      backoff_(options.reconnect_delay, options.reconnect_delay_max),
      connector_(shard) {}

Link::~Link() {
  tear_down(false);
}

void Link::open() {
  if (!std::exchange(open_, true)) shard_.run_soon(*this);
}

std::vector<Command> Link::close() {
  open_ = false;
  return tear_down(true);
}

void Link::attempt() {
  if (!open_) return;
  if (auto address = owner_.address_of(*this)) go(std::move(*address));
}

void Link::go(core::Address address) {
  if (!open_ || connection_ || connector_.pending()) return;
  retry_.cancel();
  address_ = std::move(address);
  attempt_began_ = shard_.clock().now();
  if (options_.dial) {
    auto stream = options_.dial(shard_, address_);
    if (!stream) return failed(Trouble::unreachable, core::concat("nobody is at ", address_.text()));
    return begin(std::move(stream));
  }
  connector_.connect(address_, options_.connect_timeout, [this](core::Connected connected) {
    if (!connected.stream) return failed(Trouble::unreachable, std::move(connected.reason));
    begin(std::move(connected.stream));
  });
}

void Link::hurry() {
  if (!retry_.pending()) return;
  retry_.cancel();
  shard_.run_soon(*this);
}

void Link::begin(std::unique_ptr<core::Stream> stream) {
  stream_ = settings_.tls ? tls::connect(std::move(stream), settings_.tls, address_.host) : std::move(stream);
  stream_->set_handler(this);
  // What may wait is bounded by the outbox, which refuses instead of breaking off.
  stream_->set_limit(std::numeric_limits<std::uint32_t>::max());
  ConnectionOwner& owner = *this;
  connection_ = std::make_unique<Connection>(owner, settings_.role, options_.limits, options_.ping_interval);
  connection_->greet(settings_.greeting, shard_.clock().now());
  plan();
}

void Link::greeted(bool cluster) {
  ++times_ready_;
  ready_since_ = shard_.clock().now();
  planned_ = core::TimePoint::max();
  plan();
  owner_.connected(*this, cluster);
}

/// The connection's next deadline; before it has been greeted, that of the whole attempt.
void Link::plan() {
  plan_by(connection_->ready() ? connection_->next_deadline() : attempt_began_ + options_.connect_timeout);
}

void Link::plan_by(core::TimePoint time) {
  // Later ones are found out about when the earlier one comes.
  if (timer_.pending() && planned_ <= time) return;
  planned_ = time;
  auto const delay = std::chrono::ceil<core::Milliseconds>(time - shard_.clock().now());
  shard_.start(timer_, std::max(delay, core::Milliseconds{0}));
}

void Link::on_timer() {
  if (!connection_) return;
  auto const now = shard_.clock().now();
  if (!connection_->ready()) {
    if (now < attempt_began_ + options_.connect_timeout) return plan();
    return failed(Trouble::unresponsive, core::concat("it has not answered the greeting in ",
                                                      std::to_string(options_.connect_timeout.count()), " ms",
                                                      settings_.tls ? "; is it one with TLS?" : ""));
  }
  auto* const connection = connection_.get();
  connection->on_time(now);
  if (connection_.get() == connection && connection->ready()) plan();
}

void Link::give_up(Trouble trouble, std::string reason) {
  failed(trouble, std::move(reason));
}

void Link::failed(Trouble trouble, std::string reason) {
  if (!open_) return;
  auto const was_ready = ready();
  // The connector's sentence names the address itself.
  if (connection_) reason = core::concat("Redis at ", address_.text(), ": ", reason);
  auto commands = tear_down(false);
  // One that broke off soon after it was made is no success.
  if (was_ready && shard_.clock().now() - ready_since_ >= options_.reconnect_delay_max) backoff_.reset();
  shard_.start(retry_, backoff_.next(owner_.draw()));
  owner_.disconnected(*this, trouble, std::move(reason), std::move(commands));
}

std::vector<Command> Link::tear_down(bool orderly) noexcept {
  timer_.cancel();
  retry_.cancel();
  connector_.cancel();
  std::vector<Command> commands;
  if (connection_) {
    commands = connection_->end();
    shard_.retire(std::move(connection_));
  }
  if (!stream_) return commands;
  stream_->set_handler(nullptr);
  if (orderly) {
    core::Stream::finish(std::move(stream_));
  } else {
    stream_->close();
    shard_.retire(std::move(stream_));
  }
  return commands;
}

void Link::on_data(std::span<char> bytes) {
  traffic_.received += bytes.size();
  connection_->receive({bytes.data(), bytes.size()}, shard_.now());
}

void Link::on_closed(std::error_code reason) {
  // The handshake has failed, unless Redis has said something already.
  auto const of_tls =
      reason.category() == tls::verification_category() || reason == std::errc::protocol_error;
  if (settings_.tls && of_tls && !ready()) {
    return failed(Trouble::tls, core::concat("no TLS connection: ", reason == std::errc::protocol_error
                                                                        ? "it does not agree to one"
                                                                        : reason.message()));
  }
  failed(Trouble::connection_lost, reason ? core::concat("the connection is lost: ", reason.message())
                                          : "it has closed the connection");
}

void Link::on_overflow() {
  failed(Trouble::unresponsive, "it does not take what it is sent");
}

void Link::send(std::string_view bytes) {
  traffic_.sent += bytes.size();
  stream_->write(bytes);
}

void Link::send(std::span<std::string_view const> args, Command command) {
  auto const deadline = command.deadline;
  connection_->send(args, std::move(command));
  plan_by(deadline);
}

void Link::send(Command command, bool asking) {
  auto const deadline = command.deadline;
  connection_->send(std::move(command), asking);
  plan_by(deadline);
}

void Link::subscribe(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket) {
  connection_->subscribe(kind, channel, ticket);
}

void Link::unsubscribe(SubscriptionKind kind, std::string_view channel) {
  connection_->unsubscribe(kind, channel);
}

}}}  // namespace aerie::v1::redis
