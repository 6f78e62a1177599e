#include "engineio/session_watch.hpp"

#include "engineio/shard_engine.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

SessionWatch::SessionWatch(ShardEngine& engine, Session& session)
    : engine_(engine), session_(session), charge_(engine.shard().account(), sizeof *this) {}

SessionEvents& SessionWatch::listen() noexcept {
  listens_ = true;
  return events_;
}

/// Calls a listener, if there is one, which may replace itself meanwhile.
template <class F, class... Args>
void SessionWatch::tell(std::string_view what, F const& listener, Args&... args) {
  if (!listener) return;
  auto const called = listener;
  engine_.call(what, called, args...);
}

// --- Packets

void SessionWatch::received(Packet const& packet) {
  tell("a packet listener", events_.packet, packet);
}

void SessionWatch::heartbeat() {
  tell("a heartbeat listener", events_.heartbeat);
}

void SessionWatch::creating(Packet const& packet) {
  if (!listens_) return;
  tell("a packet_create listener", events_.packet_create, packet);
  sent_ = true;
  // A long poll tells when it is answered.
  if (session_.transport() != TransportKind::polling) engine_.shard().at_turn_end(*this);
}

// --- How they leave

void SessionWatch::on_turn_end() {
  if (session_.state() == Session::State::open) flushing();
}

void SessionWatch::flushing() {
  if (std::exchange(sent_, false)) {
    flushed_ = true;
    tell("the flush hook", engine_.server().hooks.flush, session_);
    tell("a flush listener", events_.flush);
  }
  progressed();
}

void SessionWatch::progressed() noexcept {
  // Whatever is written now is on its way when it comes to that.
  if ((flushed_ || !waiters_.empty()) && !linked()) engine_.shard().run_soon(*this);
}

void SessionWatch::wait(std::size_t mark, Reached reached) {
  waiters_.push_back({mark, std::move(reached)});
  account();
  progressed();
}

void SessionWatch::run() {
  if (session_.state() != Session::State::open) return;
  if (flushed_ && session_.buffered_amount() == 0) {
    flushed_ = false;
    tell("the drain hook", engine_.server().hooks.drain, session_);
    tell("a drain listener", events_.drain);
  }
  wake_waiters();
  if (session_.state() != Session::State::open) return;
  // What was written in this turn is offered at its end; what a client leaves then, it tells of.
  if (!session_.is_behind() || is_anybody_due()) progressed();
  if (!listens_ && waiters_.empty()) session_.forget_watch();
}

bool SessionWatch::is_anybody_due() const noexcept {
  auto const buffered = session_.buffered_amount();
  return std::ranges::any_of(waiters_, [buffered](auto const& waiter) { return buffered <= waiter.mark; });
}

void SessionWatch::wake_waiters() {
  // Each may send more, so that the next one has to wait on; and may wait again.
  for (auto left = waiters_.size(); left > 0 && session_.state() == Session::State::open; --left) {
    auto const buffered = session_.buffered_amount();
    auto const found =
        std::ranges::find_if(waiters_, [buffered](auto const& waiter) { return buffered <= waiter.mark; });
    if (found == waiters_.end()) break;
    auto const reached = std::move(found->reached);
    waiters_.erase(found);
    engine_.call("who has waited for a client", reached, true);
  }
  account();
}

void SessionWatch::end_waiting() {
  for (auto const& waiter : std::exchange(waiters_, {}))
    engine_.call("who has waited for a client", waiter.reached, false);
  account();
}

void SessionWatch::account() noexcept {
  charge_.resize(sizeof *this + waiters_.capacity() * sizeof(Waiter));
}

}}}  // namespace aerie::v1::engineio
