#pragma once

#include "socketio/room_history.hpp"
#include "socketio/shard_recovery.hpp"
#include "socketio/standstill.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_hash.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/event_log.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The sessions of one shard where the adapter keeps events in a log, and the records of sessions beside it:
/// a client may come back to any server of the cluster. Belongs to its shard.
///
/// Every shard delivers a namespace's entries in the log's order, so that where it stands is one position. A
/// socket that comes back was sent everything up to the position that its client names; it is sent what
/// stands between that and the shard's own, and goes on with what the shard delivers next. If its client, or
/// the server that it was at, has seen more than this shard, the claim waits.
///
/// A record is written when a socket connects, when its rooms change, and every few seconds; so it is there
/// when a server is killed. It says up to where its client has had everything for certain: what was delivered
/// before it was last heard of. Clients without a recent event are recovered by that.
class LoggedRecovery final : public ShardRecovery {
 public:
  LoggedRecovery(ShardNode& node, std::shared_ptr<RecoveryShared> shared);
  ~LoggedRecovery() override;

  /// From behind `at` on this shard delivers what the log has of a namespace; from now on nothing, if that is
  /// the begin of all positions.
  void begin(std::string_view nsp, LogPosition at);
  bool knows(std::string_view nsp) const { return spaces_.contains(nsp); }
  /// All that the log has of a namespace up to here was delivered on this shard.
  void passed(std::string_view nsp, LogPosition at);
  /// The same as `begin`, and what was in the log before may not have been delivered: all clients are told
  /// so.
  void lose(std::string_view nsp, LogPosition at);
  /// Another server may have taken it.
  void check(std::string_view pid);

  void retain(Namespace const& nsp, std::shared_ptr<Retained const> const& event) override;
  bool has_begun(Namespace const& nsp) const override;
  void await_begin(Namespace const& nsp, core::Reply<bool> const& reply) override;
  core::Id connected(Socket& socket) override;
  void joined(Socket const& socket, std::string_view room) override;
  void left(Socket const& socket, std::string_view room) override;
  bool gone(Socket& socket, DisconnectReason reason) override;
  void claim(std::shared_ptr<Namespace> const& nsp, SessionClaim const& claim,
             core::Reply<ClaimedSession> const& reply) override;
  std::optional<Missed> attach(ClaimedSession const& claimed, Socket& socket) override;
  void clear() noexcept override;

 private:
  /// What of a namespace was delivered lately.
  struct Space {
    struct Entry {
      std::shared_ptr<Retained const> event;
      core::TimePoint at;
      std::size_t size;
    };
    /// All that stands behind here, up to `last`, is in `entries`.
    LogPosition known_from{};
    LogPosition last{};
    /// That of the last event.
    LogPosition last_event{};
    /// What was delivered up to here is older than any entry.
    LogPosition old{};
    bool begun = false;
    std::deque<Entry> entries{};
    /// Positions up to which all was delivered by some time, of the last minute or so: where nothing is said.
    struct Mark {
      core::TimePoint time;
      LogPosition at;
    };
    std::deque<Mark> marks{};
  };
  struct Session;
  struct Claim;
  struct Departed;
  struct PidOf {
    std::string_view operator()(Session const& session) const noexcept;
  };
  struct SidOf {
    std::string_view operator()(Session const& session) const noexcept;
  };

  template <class Ask>
  bool ask_log(Ask ask);
  Space& space(std::string_view nsp);
  LogPosition last(std::string_view nsp) const;
  bool covers(std::string_view nsp, LogPosition after) const;
  bool remembers(std::string_view nsp, LogPosition at) const;
  LogPosition delivered_before(std::string_view nsp, core::TimePoint time) const;
  void drop_first(Space& space);
  void trim();
  void account() noexcept;

  std::string new_owner();
  EventLog::Times times() const noexcept;
  void forget(std::string pid, std::string owner);
  void forget_again();
  Session* of(Socket const& socket) const;
  Session& insert(std::unique_ptr<Session> made);
  void drop(Session& session);
  void change(Session& session);
  void save(Session& session);
  void saved(SessionRecord const& record, EventLog::Kept kept);
  void expel(std::string const& pid);
  template <class Choose>
  void expel_all(std::string_view nsp, Choose chosen);

  UnansweredEvents* unanswered_of(Socket const& socket) override;
  void unanswered_changed(Socket const& socket) override;
  bool watch(Session& session, DisconnectReason reason);
  void ask_for_departed();
  void expiry_known(std::string const& owner, EventLog::Expiry expiry);

  void look_for(std::shared_ptr<Claim> const& claim);
  void load(std::shared_ptr<Claim> const& claim);
  void loaded(std::shared_ptr<Claim> const& claim, std::optional<SessionRecord> record);
  void when_seen(std::shared_ptr<Claim> const& claim);
  void read(std::shared_ptr<Claim> const& claim);
  void add_read(Claim& claim, std::vector<LoggedMessage> messages) const;
  void take(std::shared_ptr<Claim> const& claim);
  void hand_out(std::shared_ptr<Claim> const& claim);
  bool is_outdated(Claim const& claim) const noexcept;
  void go_on_with_waiting();

  void start_timer();
  void tick();

  std::unordered_map<std::string, Space, core::KeyedHash, std::equal_to<>> spaces_;
  std::size_t bytes_ = 0;
  std::size_t count_ = 0;
  core::Charge charge_;
  core::KeyedTable<std::unique_ptr<Session>, PidOf, core::KeyedHash> by_pid_;
  core::KeyedTable<Session*, SidOf, core::KeyedHash> by_sid_;
  core::LinkedList<Session> by_save_;  // the one that was saved longest ago first
  core::LinkedList<Session> changed_;
  /// Those that have left, while the log does not know it.
  struct Ended {
    std::string pid;
    std::string owner;
    core::TimePoint until;
    bool is_asked = false;
  };
  std::vector<Ended> ended_;
  std::vector<std::unique_ptr<Departed>> departed_;  // in the order of leaving
  std::uint64_t last_owner_ = 0;
  struct Waiting {
    std::string nsp;
    core::Reply<bool> reply;
  };
  std::vector<Waiting> waiting_for_begin_;
  std::vector<std::shared_ptr<Claim>> waiting_claims_;
  bool going_on_ = false;
  std::unordered_map<std::uint64_t, std::shared_ptr<Claim>> handed_out_;
  std::uint64_t last_ticket_ = 0;
  /// Claims that were made before the last one know positions of another log.
  std::uint64_t losses_ = 0;
  Standstill standstill_;
  core::Timer timer_ = core::Timer::calling<&LoggedRecovery::tick>(this);
};

}}}  // namespace aerie::v1::socketio
