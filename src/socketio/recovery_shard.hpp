#pragma once

#include "socketio/recovery_session.hpp"
#include "socketio/recovery_shared.hpp"
#include "socketio/retained_log.hpp"

#include <aerie/core/function.hpp>
#include <aerie/core/holder.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/recovery.hpp>
#include <aerie/socketio/stats.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;
class Socket;

namespace socketio {

class ShardNode;

/// What has become of a claim: who comes back, if somebody does.
struct ClaimedSession {
  Recovery outcome = Recovery::unknown_session;
  std::string pid{};
  std::uint64_t ticket = 0;
  std::string sid{};
  std::vector<std::string> rooms{};
  Value data{};
};

/// The sessions of one shard, those of its sockets and those whose clients are away, and what it has
/// delivered lately. Belongs to it; there is one if the server recovers sessions.
///
/// Whoever comes back claims his session first, which brings it to the shard that he is on now, and attaches
/// his new socket to it once he is let in: whatever goes wrong between the two, the session waits for his
/// next attempt.
class RecoveryShard {
 public:
  RecoveryShard(ShardNode& node, std::shared_ptr<RecoveryShared> shared);
  ~RecoveryShard();

  RecoveryShared& shared() const noexcept { return *shared_; }

  // --- Events
  /// The numbers of events that this shard sends to many, and to one socket.
  EventOffset next_shared() noexcept;
  EventOffset next_direct() noexcept;
  /// This shard delivers an event.
  void retain(Namespace const& nsp, std::shared_ptr<Retained const> const& event);

  // --- Sockets
  /// The socket has connected. Returns what its client is to claim its session by.
  core::Id connected(Socket& socket);
  void joined(Socket const& socket, std::string_view room);
  void left(Socket const& socket, std::string_view room);
  /// It leaves, and is in its rooms as yet. True if its session waits for its client: then the session keeps
  /// the namespace.
  bool gone(Socket& socket, DisconnectReason reason);

  // --- Those who come back
  void claim(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
             core::Reply<ClaimedSession> const& reply);
  /// The session goes on with this socket. Returns what its client has missed; nothing if somebody else has
  /// claimed it since, or it has expired.
  std::optional<Missed> attach(ClaimedSession const& claimed, Socket& socket);

  /// The server ends: nothing of it is kept.
  void clear() noexcept;
  void add_to(RecoveryStats& stats) const noexcept;
  /// For tests.
  std::size_t session_count() const noexcept { return by_pid_.size(); }

 private:
  /// A session on its way to another shard, with what its client has missed here.
  struct Moving {
    std::string pid;
    std::string sid;
    std::shared_ptr<Namespace> nsp;
    std::vector<std::string> rooms;
    RecoverySession::Away away;
    std::optional<EventOffset> claimed;
    Missed missed;
    /// What the shard had seen of each origin by then.
    std::vector<std::uint64_t> seen;
  };
  /// One that waits until its new shard has seen as much.
  struct Arriving;
  struct Place {
    Recovery outcome;
    std::size_t carried;  // how many of those it has had
    RetainedLog::Position from;
  };
  struct PidOf {
    std::string_view operator()(RecoverySession const& session) const noexcept { return session.pid.view(); }
  };
  struct SidOf {
    std::string_view operator()(RecoverySession const& session) const noexcept { return session.sid; }
  };
  /// Its bytes are given back by giving up the log.
  struct Held final : core::Holder {
    explicit Held(RecoveryShard& of);
    void keep(std::size_t bytes) noexcept { hold(bytes); }
    void shed() noexcept override { owner.log_.clear(); }
    RecoveryShard& owner;
  };
  struct Count {
    std::atomic<std::uint64_t> value{0};
    void add(std::int64_t change) noexcept {
      value.store(value.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(change),
                  std::memory_order_relaxed);
    }
    std::uint64_t get() const noexcept { return value.load(std::memory_order_relaxed); }
  };

  RecoverySession& insert(std::string_view pid, std::string_view sid, std::shared_ptr<Namespace> nsp);
  RecoverySession* of(Socket const& socket) const;
  std::unique_ptr<RecoverySession> take(RecoverySession& session);
  Place place_of(RecoverySession const& session, std::optional<EventOffset> offset) const;
  Missed missed_from(RecoverySession const& session, Place const& place) const;
  void claim_here(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim, std::uint16_t asker,
                  core::Reply<ClaimedSession> const& reply);
  void arrive(Moving moving, core::Reply<ClaimedSession> const& reply);
  void settle(Moving moving, core::Reply<ClaimedSession> const& reply);
  bool has_seen(std::vector<std::uint64_t> const& seen) const noexcept;
  void settle_arrived();
  ClaimedSession hand_out(RecoverySession& session, std::optional<EventOffset> offset);
  void refused(core::Reply<ClaimedSession> const& reply, Recovery why);
  void expire();
  void start_timer() noexcept;
  void trim() noexcept;

  ShardNode& node_;
  std::shared_ptr<RecoveryShared> shared_;
  RetainedLog log_;
  std::unique_ptr<Held> held_;
  std::vector<std::uint64_t> seen_;
  core::KeyedTable<std::unique_ptr<RecoverySession>, PidOf, core::IdHash> by_pid_;
  core::KeyedTable<RecoverySession*, SidOf, core::KeyedHash> by_sid_;
  core::LinkedList<RecoverySession> away_;  // in the order of leaving
  core::LinkedList<RecoverySession::Carried> carried_;
  std::vector<std::unique_ptr<Arriving>> arriving_;
  std::uint64_t last_ticket_ = 0;
  core::Timer timer_ = core::Timer::calling<&RecoveryShard::expire>(this);
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
