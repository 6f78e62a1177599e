#pragma once

#include "socketio/local_message.hpp"
#include "socketio/room_census.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/adapter.hpp>
#include <aerie/socketio/server_side.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class LoggedRecovery;
class ServerState;
class ShardNode;

/// A server's place in its cluster: what stands between its shards and its adapter. There is one also where
/// there is no adapter. Belongs to the first shard, the home shard, except where it says otherwise.
class LocalMember final : public ClusterMember {
 public:
  /// Makes the adapter; what that throws is the caller's.
  LocalMember(ServerState& server, core::Shard& home, AdapterFactory const& factory);
  ~LocalMember();

  // --- What never changes; any thread
  bool has_adapter() const noexcept { return adapter_ != nullptr; }
  Adapter const* adapter() const noexcept { return adapter_.get(); }
  Adapter::RoomInterest room_interest() const noexcept { return room_interest_; }
  ClusterStatus status() const;

  // --- What the server has for the cluster
  void open();
  /// `done` is called when the adapter has closed, or at once.
  void close(UniqueFunction<void()> done);
  void publish(std::shared_ptr<ClusterMessage const> const& message);
  /// Adds it to the adapter's log. REQUIRES: there is one.
  void append(std::shared_ptr<LocalMessage const> const& message);
  /// Null if the adapter keeps none, and once it has gone.
  EventLog* event_log() const noexcept { return adapter_ ? adapter_->event_log() : nullptr; }
  void request_ended(RequestId request);
  void count_servers(UniqueFunction<void(std::size_t)> done);
  /// A namespace has been made, or has gone. Different shards may tell of one name in any order.
  void namespace_changed(std::string const& name, bool made);
  /// A room has its first socket on some shard, or has lost the last one there.
  void room_changed(std::string const& nsp, std::string const& room, bool begun);
  /// The server ends, and the runtime does not run: the adapter goes.
  void drop_adapter() noexcept;

  // --- What shards answer to requests of other servers
  void answered_by_shard(std::uint64_t answering, ClusterResponse response);

  // --- ClusterMember
  bool deliver(ClusterMessage message) override;
  bool deliver_logged(ClusterMessage message, LogPosition at, bool is_own) override;
  void log_begins(std::string_view nsp, LogPosition at) override;
  void log_read(std::string_view nsp, LogPosition at) override;
  void log_lost(std::string_view nsp, LogPosition at) override;
  void session_taken(std::string_view pid) override;
  bool answer(ClusterMessage message, Respond respond) override;
  void expect(RequestId request, std::size_t others) override;
  void expect(RequestId request, std::vector<std::string> others) override;
  void gone(RequestId request, std::string_view server) override;
  void unreachable(RequestId request) override;
  void answered(ClusterResponse response) override;
  void report(ClusterState state, std::string_view reason) override;
  void count_sent(std::uint64_t messages) noexcept override { add(sent_, messages); }
  void count_received(std::uint64_t messages) noexcept override { add(received_, messages); }
  void count_lost(std::uint64_t messages) noexcept override { add(lost_, messages); }
  void count_malformed(std::uint64_t messages) noexcept override { add(malformed_, messages); }
  void count_refused(std::uint64_t messages) noexcept override { add(refused_, messages); }
  void count_id_conflict() noexcept override { add(id_conflicts_, 1); }
  std::string const& server_id() const noexcept override { return id_; }
  core::Shard& home() const noexcept override { return home_; }
  Logger const& log() const noexcept override;

  /// For tests: requests of others that are being answered.
  std::size_t answering() const noexcept { return answering_.size(); }

 private:
  struct Answering;
  struct Count;
  using Counter = std::atomic<std::uint64_t>;

  static void add(Counter& counter, std::uint64_t messages) noexcept {
    counter.fetch_add(messages, std::memory_order_relaxed);
  }
  bool is_kept(LocalMessage const& message) const;
  bool malformed() noexcept {
    count_malformed(1);
    return false;
  }
  LoggedRecovery* logged_recovery();
  template <class Tell>
  void tell_of_log(std::string_view nsp, Tell tell);
  template <class Call>
  bool call(std::string_view what, Call&& call);
  void close_answering(std::uint64_t number);
  void tell_server_side(Namespace const& nsp, ClusterMessage const& message, ServerSideAck const& ack);

  ServerState& server_;
  core::Shard& home_;
  std::string id_;
  bool open_ = false;
  std::unordered_map<std::uint64_t, std::unique_ptr<Answering>> answering_;
  std::uint64_t last_answering_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Count>> counts_;
  std::uint64_t last_count_ = 0;
  std::map<std::string, int, std::less<>> namespaces_;
  RoomCensus rooms_;          // those that the adapter is told of
  std::mutex mutable mutex_;  // of the next two
  ClusterState state_ = ClusterState::alone;
  std::string reason_;
  Counter sent_{0};
  Counter received_{0};
  Counter lost_{0};
  Counter malformed_{0};
  Counter refused_{0};
  Counter id_conflicts_{0};
  std::unique_ptr<Adapter> adapter_;
  Adapter::RoomInterest room_interest_ = Adapter::RoomInterest::none;
};

}}}  // namespace aerie::v1::socketio
