#pragma once

/// \file
/// What a client's socket is behind its handles: the semantics of `socket.io-client` 4.8.

#include "client/listener_table.hpp"
#include "client/manager_handle.hpp"

#include <aerie/client/options.hpp>
#include <aerie/client/socket.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/parser.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace client {

class ManagerCore;

using OnReply = UniqueFunction<void(AckReply)>;

/// An event that was encoded where it was emitted.
struct Emission {
  std::unique_ptr<socketio::EncodedPacket> packet = {};
  /// Set if an acknowledgement is asked for.
  std::optional<std::uint64_t> id = {};
  OnReply on_reply = {};
  socketio::EmitOptions options = {};
};

/// An event that is sent until it is acknowledged: `Options::retries`.
struct QueuedEvent {
  std::uint64_t number = 0;
  std::string event = {};
  std::vector<Value> args = {};
  OnReply on_reply = {};
  socketio::EmitOptions options = {};
  std::uint32_t tries = 0;
  bool pending = false;
};

/// Thread contract: `emit`, `answer`, `run` and what reads `Shown` on any thread, the rest on the manager's
/// shard. It outlives the manager, whose end is `shut`.
class SocketCore final : public std::enable_shared_from_this<SocketCore> {
 public:
  SocketCore(std::shared_ptr<ManagerHandle> handle, std::string nsp);
  ~SocketCore();

  // --- On any thread

  std::string const& nsp() const noexcept { return nsp_; }
  /// What can be asked for at any time.
  struct Shown {
    std::string id = {};
    bool connected = false;
    bool active = false;
    bool recovered = false;
  };
  Shown shown() const;
  void emit(std::string_view event, ArgsRef args, OnReply on_reply, socketio::EmitOptions const& options);
  void answer(std::uint64_t id, ArgsRef args);
  ListenerId next_listener() noexcept { return handle_->next_listener(); }
  /// Does `work(SocketCore&)` in the client's turn, if the client is still there then.
  template <class F>
  void run(F work) {
    handle_->manager.run([self = shared_from_this(), work = std::move(work)]() mutable {
      if (self->manager_ != nullptr) work(*self);
    });
  }

  // --- On the manager's shard

  /// REQUIRES: once, before anything else.
  void attach(ManagerCore& manager) noexcept { manager_ = &manager; }
  void connect();
  void disconnect();
  bool active() const noexcept { return active_; }
  ListenerTable& listeners() noexcept { return listeners_; }
  void set_auth(Auth auth) { auth_ = std::move(auth); }

  /// Whether the server sends something for it: it has joined the namespace, or asked to.
  bool listens() const noexcept { return active_ || joining_; }

  void on_open();
  /// The connection is gone, and with it what has not been answered.
  void on_connection_gone() noexcept { joining_ = false; }
  void on_packet(socketio::IncomingPacket& packet);
  void on_error(std::string_view message, Value data);
  void on_close(std::string_view reason, std::string_view description);
  /// The manager ends.
  void shut();

 private:
  struct PendingAck;
  struct Received {
    std::string name;
    Args args;
    std::optional<std::uint64_t> id;
  };

  Emission encode(std::string_view event, ArgsRef args, OnReply on_reply,
                  socketio::EmitOptions const& options);
  void submit(Emission emission);
  void send(socketio::EncodedPacket const& packet, bool compress = true);
  /// An event, of which those hear who listen to all that is sent.
  void send_event(Emission const& emission);
  void tell_outgoing(socketio::EncodedPacket const& packet);
  void send(socketio::PacketType type, socketio::PacketData const& data = {});

  void ask_for_auth();
  void join(Value const& auth);
  void connected(Value const& reply);
  void take_event(socketio::IncomingPacket& packet);
  void dispatch(Received const& received);
  void emit_reserved(std::string_view name, std::vector<Value> args);
  void take_ack(socketio::IncomingPacket& packet);
  void refused(Value const& payload);

  void register_ack(Emission& emission);
  void settle(std::uint64_t id, AckReply reply);
  void timed_out(std::uint64_t id);
  void drop_acks();

  void enqueue(QueuedEvent event);
  void drain_queue(bool force);
  void tried(std::uint64_t number, AckReply reply);

  void leave();
  void show();

  std::shared_ptr<ManagerHandle> const handle_;
  std::string const nsp_;
  std::atomic<std::uint64_t> next_id_{0};
  std::mutex mutable mutex_;
  Shown shown_;  // guarded by the mutex

  ManagerCore* manager_ = nullptr;
  ListenerTable listeners_;
  std::optional<Auth> auth_;
  std::unique_ptr<core::Question<Value>> auth_question_;
  std::vector<Received> received_;  // before the server's CONNECT
  std::deque<Emission> waiting_;    // until there is a connection
  std::unordered_map<std::uint64_t, std::unique_ptr<PendingAck>> acks_;
  std::deque<QueuedEvent> queue_;
  std::uint64_t queued_ = 0;
  std::string id_;
  std::string pid_;
  std::string last_offset_;
  bool active_ = false;
  bool joining_ = false;  // a CONNECT has not been answered, though it may not be wanted any more
  bool connected_ = false;
  bool recovered_ = false;
};

/// An acknowledgement that the client waits for.
struct SocketCore::PendingAck {
  PendingAck(SocketCore& of, std::uint64_t number, OnReply call) noexcept
      : socket(of), id(number), on_reply(std::move(call)) {}

  void expired() { socket.timed_out(id); }

  SocketCore& socket;
  std::uint64_t id;
  OnReply on_reply;
  core::Timer timer = core::Timer::calling<&PendingAck::expired>(this);
};

}}}  // namespace aerie::v1::client
