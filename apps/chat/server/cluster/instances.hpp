#pragma once

/// \file
/// The other instances of the chat: what they tell each other without a client hearing of it.

#include "cluster/census.hpp"
#include "coalescer.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/log.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/server.hpp>

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace chat {

/// Thread-safe but for `on`, which is called while the application starts.
class Instances {
 public:
  Instances(aerie::Server& server, Census& census, aerie::Scheduler& scheduler,
            aerie::core::Clock const& clock);

  /// False: this is the only one, for good, and nobody is to be told anything.
  bool are_several() const noexcept { return are_several_; }

  /// Handles what others tell or ask; what the handler returns is the answer. On the first shard.
  template <class Handler>
  void on(std::string_view event, Handler handler) {
    if (are_several_) server_.sockets().on_server_side(event, std::move(handler));
  }
  template <class... Values>
  void tell(std::string_view event, Values const&... values) const {
    if (are_several_) server_.server_side_emit(event, values...);
  }
  /// The answers that came within `timeout`.
  template <class... Values>
  aerie::Task<std::vector<aerie::Value>> ask(std::string_view event, std::chrono::milliseconds timeout,
                                             Values const&... values) const {
    return answers_of(server_.server_side().timeout(timeout).emit_with_ack(event, values...));
  }

  void on_application_bootstrap();
  void before_application_shutdown(std::string_view signal);

 private:
  static aerie::Task<std::vector<aerie::Value>> answers_of(aerie::Task<aerie::BroadcastReply> reply);
  void tick();

  aerie::Server& server_;
  Census& census_;
  aerie::Scheduler& scheduler_;
  aerie::core::Clock const& clock_;
  bool are_several_;
  Coalescer soon_;
  bool was_connected_ = false;  // Of the first shard.
  aerie::Scheduled ticking_;
};

}  // namespace chat
