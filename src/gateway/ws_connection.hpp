#pragma once

/// \file
/// A plain WebSocket and what happens on it.

#include <aerie/core/stream.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/gateway/ws_client.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/websocket/link.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

class WsServer;

/// Exists before it is open, for guards of connections. Kept alive by its server until it is closed and none
/// of its tasks goes on, and by whoever is just at work for it.
class WsConnection final : public WsClient, private websocket::Link {
 public:
  WsConnection(WsServer& server, core::Shard& shard, core::Id id, http::RequestHead request,
               std::string address);
  /// What the application keeps with the client may still ask it for this and that.
  ~WsConnection() override { slots() = {}; }

  /// The handshake was accepted.
  void open(std::unique_ptr<core::Stream> stream, std::string already_read);
  bool is_open() const noexcept override { return Link::is_open(); }
  websocket::CloseCode close_code() const noexcept override { return Link::close_code(); }
  std::size_t unsent() const noexcept override { return attached() ? stream()->unsent() : 0; }
  void terminate() override { drop(DisconnectReason::server_namespace_disconnect); }
  /// The server closes: what waits for the client ends, and when nothing runs that may still answer it, says
  /// so and goes. False as long as anything runs.
  bool shut_down_when_done();
  /// Says so and goes.
  void shut_down();
  /// Destroys its tasks where they wait; for the end of the server.
  void abandon() noexcept;

 private:
  void send(websocket::Opcode opcode, std::string_view payload) override;
  void begin_close(websocket::CloseCode code, std::string_view reason) override;

  void on_data(std::span<char> bytes) override;
  void on_message(websocket::PeerEvent const& event) override;
  void on_ended(websocket::LinkEnd end) override;
  void on_timer();

  void dispatch(WsMessage message);
  void run(Route const& route, std::string_view event, Args const& args);
  void run_hook(Route const& route, bool refuses);
  Task<void> welcome(ExecutionContext& context);
  static Task<void> farewell(ExecutionContext& context);
  void pause() noexcept;
  void start(Task<void> task, std::unique_ptr<ExecutionContext> context);
  void task_ended(ExecutionContext const& context, core::Outcome<void> const& outcome) noexcept;
  void report(std::string_view pattern, std::exception_ptr const& error) const noexcept;

  /// Ends the connection at once.
  void drop(DisconnectReason reason);
  void ended(DisconnectReason reason);
  void forget_if_done();
  std::shared_ptr<WsConnection> keep() { return std::static_pointer_cast<WsConnection>(shared_from_this()); }

  WsServer& server_;
  core::Timer timer_;
  core::TaskContext tasks_;        // that run to their end
  core::TaskContext until_leave_;  // that end with the client
  std::size_t pending_ = 0;
  std::optional<DisconnectReason> reason_;
  bool expects_pong_ = false;
  bool heard_something_ = false;
  bool is_paused_ = false;
  bool is_leaving_ = false;  // nothing more is taken from it: the server ends
  bool ended_ = false;
};

}}}  // namespace aerie::v1::gateway
