#pragma once

#include "socketio/shard_recovery.hpp"
#include "socketio/standstill.hpp"

#include <aerie/core/function.hpp>
#include <aerie/core/holder.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/recovery.hpp>
#include <aerie/socketio/stats.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The sessions of one shard, those of its sockets and those whose clients are away, and what it has
/// delivered lately: recovery in the memory of this server.
class RecoveryShard final : public ShardRecovery {
 public:
  RecoveryShard(ShardNode& node, std::shared_ptr<RecoveryShared> shared);
  ~RecoveryShard() override;

  void retain(Namespace const& nsp, std::shared_ptr<Retained const> const& event) override;
  core::Id connected(Socket& socket) override;
  void joined(Socket const& socket, std::string_view room) override;
  void left(Socket const& socket, std::string_view room) override;
  bool gone(Socket& socket, DisconnectReason reason) override;
  void claim(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
             core::Reply<ClaimedSession> const& reply) override;
  std::optional<Missed> attach(ClaimedSession const& claimed, Socket& socket) override;
  void clear() noexcept override;
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
    UnansweredEvents unanswered;
    std::size_t offset_of_another = 0;
    /// What the shard had seen of each origin by then.
    std::vector<std::uint64_t> seen;
  };
  /// One that waits until its new shard has seen as much.
  struct Arriving;
  /// A claim of one that is about to come here.
  struct Awaiting {
    std::shared_ptr<Namespace> nsp;
    SessionClaim claim;
    std::uint16_t asker;
    core::Reply<ClaimedSession> reply;
  };
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
  UnansweredEvents* unanswered_of(Socket const& socket) override;
  void unanswered_changed(Socket const& socket) override;
  RecoverySession& insert(std::string_view pid, std::string_view sid, std::shared_ptr<Namespace> nsp);
  RecoverySession* of(Socket const& socket) const;
  std::unique_ptr<RecoverySession> take(RecoverySession& session);
  Place place_of(RecoverySession const& session, std::optional<EventOffset> offset) const;
  Missed missed_from(RecoverySession const& session, Place const& place) const;
  void claim_here(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim, std::uint16_t asker,
                  core::Reply<ClaimedSession> const& reply);
  void follow(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim, std::uint16_t asker,
              core::Reply<ClaimedSession> const& reply);
  void ask_again(std::string_view pid);
  void arrive(Moving moving, core::Reply<ClaimedSession> const& reply);
  void settle(Moving moving, core::Reply<ClaimedSession> const& reply);
  bool has_seen(std::vector<std::uint64_t> const& seen) const noexcept;
  void settle_arrived();
  ClaimedSession hand_out(RecoverySession& session, std::optional<EventOffset> offset);
  void expire();
  void start_timer() noexcept;
  void trim() noexcept;

  RetainedLog log_;
  std::unique_ptr<Held> held_;
  std::vector<std::uint64_t> seen_;
  core::KeyedTable<std::unique_ptr<RecoverySession>, PidOf, core::IdHash> by_pid_;
  core::KeyedTable<RecoverySession*, SidOf, core::KeyedHash> by_sid_;
  core::LinkedList<RecoverySession> away_;  // in the order of leaving
  core::LinkedList<RecoverySession::Carried> carried_;
  std::vector<std::unique_ptr<Arriving>> arriving_;
  std::vector<Awaiting> awaiting_;
  std::uint64_t last_ticket_ = 0;
  Standstill standstill_;
  core::Timer timer_ = core::Timer::calling<&RecoveryShard::expire>(this);
};

}}}  // namespace aerie::v1::socketio
