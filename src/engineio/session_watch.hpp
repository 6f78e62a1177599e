#pragma once

#include <aerie/core/account.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/turn.hpp>
#include <aerie/engineio/session_events.hpp>

#include <cstddef>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

class Session;
class ShardEngine;

/// Tells what happens to what a session sends, for as long as anybody wants to know: its listeners, and those
/// who wait until no more than so many bytes wait for the client. Owned by its session, and destroyed by
/// `retire`.
class SessionWatch final : private core::TurnEnd, private core::Runnable {
 public:
  using Reached = UniqueFunction<void(bool)>;

  SessionWatch(ShardEngine& engine, Session& session);

  /// The session's listeners; from now on each of its packets is announced.
  SessionEvents& listen() noexcept;
  bool listens() const noexcept { return listens_; }
  /// See Session::when_buffered. REQUIRES: the session is open.
  void wait(std::size_t mark, Reached reached);

  // What the session tells. Each may end it.
  void received(Packet const& packet);
  void heartbeat();
  void creating(Packet const& packet);
  /// A transport begins to write what was sent.
  void flushing();
  /// Some of what was waiting may have been taken.
  void progressed() noexcept;
  /// Nobody waits any longer: the session has ended, or whoever waits is told so before it does.
  void end_waiting();

 private:
  struct Waiter {
    std::size_t mark;
    Reached reached;
  };

  void on_turn_end() override;
  void run() override;
  bool is_anybody_due() const noexcept;
  void wake_waiters();
  void account() noexcept;
  template <class F, class... Args>
  void tell(std::string_view what, F const& listener, Args&... args);

  ShardEngine& engine_;
  Session& session_;
  SessionEvents events_;
  std::vector<Waiter> waiters_;  // in the order of their coming
  core::Charge charge_;
  bool listens_ = false;
  bool sent_ = false;     // since the last flush
  bool flushed_ = false;  // and nobody has been told of a drain since
};

}}}  // namespace aerie::v1::engineio
