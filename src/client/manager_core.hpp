#pragma once

/// \file
/// What a manager is behind its handle: one connection, its reconnection, and the sockets that share it.

#include "client/backoff.hpp"
#include "client/engine.hpp"
#include "client/listener_table.hpp"
#include "client/manager_handle.hpp"

#include <aerie/client/url.hpp>
#include <aerie/core/anchor.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/core/turn.hpp>
#include <aerie/socketio/parser.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace client {

/// Belongs to its shard, which adopts it, and ends with `close` or with the shard. It may be made on another
/// thread.
class ManagerCore final : public core::Adopted, private EngineHandler {
 public:
  enum class State : std::uint8_t { closed, opening, open };

  ManagerCore(core::Shard& shard, Url const& url, Options options, std::unique_ptr<Dialer> dialer);
  ~ManagerCore() override;

  /// REQUIRES: called before it is posted to its shard.
  core::AnchorRef anchor() { return anchor_.ref(); }
  void set_handle(std::shared_ptr<ManagerHandle> handle) { handle_ = std::move(handle); }
  /// What is called when it has ended.
  void on_ended(std::function<void()> function) { ended_ = std::move(function); }

  core::Shard& shard() const noexcept { return settings_->shard; }
  Options const& options() const noexcept { return settings_->options; }
  Logger const& log() const noexcept;
  core::TaskContext& tasks() noexcept { return tasks_; }
  ListenerTable& listeners() noexcept { return listeners_; }
  bool ended() const noexcept { return is_ended_; }

  // For sockets
  bool is_open() const noexcept { return state_ == State::open; }
  bool idle() const noexcept { return engine_ && engine_->idle(); }
  bool ping_expired() const noexcept { return engine_ && engine_->ping_expired(); }
  void add(std::shared_ptr<SocketCore> socket);
  void open_for(SocketCore& socket);
  /// One of them is not active any more: the last one ends the connection.
  void left();
  void send(socketio::Frame const& frame, bool compress);

  void open();
  void close() noexcept;
  void set_reconnection(bool on);

 private:
  void on_engine_open() override;
  void on_engine_message(socketio::Frame const& frame) override;
  void on_engine_ping() override;
  void on_engine_upgrade() override;
  void on_engine_error(TransportError const& error) override;
  void on_engine_close(std::string_view reason, std::string_view description) override;

  void begin(bool is_reconnection);
  void open_failed(TransportError const& error);
  void on_open_timeout();
  void reconnect();
  void on_reconnect_due();
  void reconnected();
  void lost(std::string_view reason, std::string_view description);
  void let_engine_leave() noexcept;
  void emit(std::string_view event, std::vector<Value> args);
  /// Those that are active, which may change meanwhile.
  template <class F>
  void each_active(F f);

  core::Anchor anchor_;
  Settings settings_;
  std::shared_ptr<ManagerHandle> handle_;
  std::function<void()> ended_;
  core::TaskContext tasks_;
  ListenerTable listeners_;
  std::vector<std::shared_ptr<SocketCore>> sockets_;
  Backoff backoff_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<socketio::PartialPacket> begun_;
  State state_ = State::closed;
  bool is_reconnection_ = false;
  bool reconnecting_ = false;
  bool skip_reconnect_ = false;
  bool reconnection_ = true;
  bool websocket_succeeded_ = false;
  bool is_ended_ = false;
  core::Timer open_timeout_ = core::Timer::calling<&ManagerCore::on_open_timeout>(this);
  core::Timer reconnect_timer_ = core::Timer::calling<&ManagerCore::on_reconnect_due>(this);
};

}}}  // namespace aerie::v1::client
