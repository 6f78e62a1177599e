#pragma once

#include "socketio/cluster_requests.hpp"

#include <aerie/core/function.hpp>
#include <aerie/core/log.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The events of one session that its client has not answered yet, in the order in which they were sent. Most
/// sessions have none. Belongs to the session's shard.
class UnansweredEvents {
 public:
  using List = std::vector<std::shared_ptr<UnansweredEvent const>>;

  void add(std::shared_ptr<UnansweredEvent const> event);
  /// That event is answered, or nobody waits for it any more. False if it is none of these.
  bool settle(std::uint64_t ack) noexcept;
  /// Forgets those for which nobody waits any more. `now`: in milliseconds since 1970.
  void trim(std::int64_t now) noexcept;
  List take() noexcept { return std::exchange(events_, {}); }
  bool empty() const noexcept { return events_.empty(); }
  List const& list() const noexcept { return events_; }
  /// Bytes that they hold, about.
  std::size_t bytes() const noexcept;

 private:
  List events_;
};

/// Waits for the answer of one client, at whatever server it is by then.
class AnswerRequest final : public ClusterRequest {
 public:
  AnswerRequest(Logger const& log, UniqueFunction<void(AckReply)> on_reply)
      : ClusterRequest(0, true), log_(log), on_reply_(std::move(on_reply)) {}

  /// What it is answered with: all arguments, or why there are none.
  static ClusterResponse response(RequestId request, AckReply const& reply);

 protected:
  void add(ClusterResponse& response) override;
  bool satisfied() const override { return is_answered_; }
  void done(bool in_time, MissingServers missing) override;

 private:
  Logger const& log_;
  UniqueFunction<void(AckReply)> on_reply_;
  AckReply reply_{AckError::timeout};
  bool is_answered_ = false;
};

}}}  // namespace aerie::v1::socketio
