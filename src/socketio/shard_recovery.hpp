#pragma once

#include "socketio/recovery_session.hpp"
#include "socketio/recovery_shared.hpp"
#include "socketio/retained_log.hpp"
#include "socketio/unanswered_events.hpp"

#include <aerie/core/question.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/recovery.hpp>
#include <aerie/socketio/stats.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;
class Socket;

namespace socketio {

class ShardNode;

/// As the official server has it: not if the client or the server has ended it on purpose, and not after what
/// was no packet. https://socket.io/docs/v4/connection-state-recovery#how-does-it-work-under-the-hood
bool is_recoverable(DisconnectReason reason) noexcept;

/// What has become of a claim: who comes back, if somebody does.
struct ClaimedSession {
  Recovery outcome = Recovery::unknown_session;
  /// Another connection of its client has taken it meanwhile: whichever of the two is alive asks again.
  bool is_contended = false;
  std::string pid{};
  std::uint64_t ticket = 0;
  std::string sid{};
  std::vector<std::string> rooms{};
  Value data{};
};

/// The sessions of one shard. Belongs to it; there is one if the server recovers sessions: RecoveryShard if
/// it keeps them and the events itself, LoggedRecovery if its adapter does.
///
/// Whoever comes back claims his session first, which brings it to the shard that he is on now, and attaches
/// his new socket to it once he is let in: whatever goes wrong between the two, the session waits for his
/// next attempt.
class ShardRecovery {
 public:
  virtual ~ShardRecovery() = default;

  RecoveryShared& shared() const noexcept { return *shared_; }

  // --- Events
  /// This shard delivers an event.
  virtual void retain(Namespace const& nsp, std::shared_ptr<Retained const> const& event) = 0;

  // --- Sockets
  /// The socket has connected. Returns what its client is to claim its session by.
  virtual core::Id connected(Socket& socket) = 0;
  virtual void joined(Socket const& socket, std::string_view room) = 0;
  virtual void left(Socket const& socket, std::string_view room) = 0;
  /// It leaves, and is in its rooms as yet. True if its session waits for its client: then the session keeps
  /// the namespace.
  virtual bool gone(Socket& socket, DisconnectReason reason) = 0;

  // --- Those who connect
  /// Whether what is said in a namespace from now on is not missed.
  virtual bool has_begun(Namespace const& /*nsp*/) const { return true; }
  /// Answered when that is so.
  virtual void await_begin(Namespace const& /*nsp*/, core::Reply<bool> const& reply) { reply(true); }

  // --- Those who come back
  virtual void claim(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
                     core::Reply<ClaimedSession> const& reply) = 0;
  /// The session goes on with this socket. Returns what its client has missed; nothing if somebody else has
  /// claimed it since, or it has expired.
  virtual std::optional<Missed> attach(ClaimedSession const& claimed, Socket& socket) = 0;

  // --- Events that are sent again until they are answered
  /// The socket's client is sent one.
  void expect(Socket const& socket, std::shared_ptr<UnansweredEvent const> event);
  /// It has answered, or the time is over: whoever waits is told.
  void settle(Socket const& socket, UnansweredEvent const& event, AckReply const& reply);
  /// Those that it has not answered, before it came back perhaps.
  UnansweredEvents::List unanswered(Socket const& socket);
  /// In milliseconds since 1970.
  std::int64_t unix_now() const;

  /// The server ends: nothing of it is kept.
  virtual void clear() noexcept = 0;
  void add_to(RecoveryStats& stats) const noexcept;

 protected:
  struct Count {
    std::atomic<std::uint64_t> value{0};
    void add(std::int64_t change) noexcept {
      value.store(value.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(change),
                  std::memory_order_relaxed);
    }
    void set(std::uint64_t to) noexcept { value.store(to, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value.load(std::memory_order_relaxed); }
  };

  ShardRecovery(ShardNode& node, std::shared_ptr<RecoveryShared> shared)
      : node_(node), shared_(std::move(shared)) {}
  void refused(core::Reply<ClaimedSession> const& reply, Recovery why);
  /// Those of a socket's session; null if it has none.
  virtual UnansweredEvents* unanswered_of(Socket const& socket) = 0;
  virtual void unanswered_changed(Socket const& socket) = 0;
  /// The session has ended, and its client will not answer.
  void give_up(UnansweredEvents& events);
  void answer(UnansweredEvent const& event, AckReply const& reply);

  ShardNode& node_;
  std::shared_ptr<RecoveryShared> shared_;
  Count waiting_;
  Count recovered_;
  Count refused_;
  Count expired_;
  Count retained_;
  Count retained_bytes_;
  Count gone_early_;
};

}  // namespace socketio
}}  // namespace aerie::v1
