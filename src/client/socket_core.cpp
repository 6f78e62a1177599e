#include "client/socket_core.hpp"

#include "client/manager_core.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

constexpr std::string_view version_2_message =
    "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not "
    "compatible "
    "(more information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)";

/// Answers an event of the server's.
class ServerAck final : public socketio::AckState {
 public:
  ServerAck(std::shared_ptr<SocketCore> socket, std::uint64_t id) noexcept
      : socket_(std::move(socket)), id_(id) {}
  void answer(ArgsRef args) override {
    if (!answered_.exchange(true, std::memory_order_acq_rel)) socket_->answer(id_, args);
  }

 private:
  std::shared_ptr<SocketCore> socket_;
  std::uint64_t id_;
  std::atomic<bool> answered_{false};
};

}  // namespace

SocketCore::SocketCore(std::shared_ptr<ManagerHandle> handle, std::string nsp)
    : handle_(std::move(handle)), nsp_(std::move(nsp)) {}

SocketCore::~SocketCore() = default;

SocketCore::Shown SocketCore::shown() const {
  std::scoped_lock const lock(mutex_);
  return shown_;
}

void SocketCore::show() {
  std::scoped_lock const lock(mutex_);
  shown_ = {id_, connected_, active_, recovered_};
}

// --- Joining and leaving

void SocketCore::connect() {
  if (connected_) return;
  active_ = true;
  show();
  manager_->open_for(*this);
}

void SocketCore::on_open() {
  // A second CONNECT would end the connection.
  if (joining_ || (auth_question_ && auth_question_->pending())) return;
  ask_for_auth();
}

void SocketCore::ask_for_auth() {
  auto const& auth = auth_ ? *auth_ : manager_->options().auth;
  if (!auth.now() && !auth.later() && !auth.asked()) return join(auth.value());
  if (!auth_question_) auth_question_ = std::make_unique<core::Question<Value>>(manager_->shard());
  auto reply = auth_question_->ask(manager_->options().timeout, [this](std::optional<Value> answer) {
    if (answer) return join(*answer);
    on_error("the credentials have not come in time: Options::auth", {});
  });
  auto const self = shared_from_this();
  auto const failed = [](SocketCore& socket, std::exception_ptr const& error) {
    listener_failed(socket.manager_->log(), "auth", error);
    if (socket.auth_question_) socket.auth_question_->withdraw();
    socket.on_error(core::concat("there are no credentials: ", core::describe(error)), {});
  };
  handle_->gate->call(manager_->log(), {"client", "auth", nsp_}, [&] {
    auto const asked = core::try_user([&] {
      if (auth.asked()) return auth.asked()(reply);
      if (auth.now()) return reply(auth.now()());
      core::start(auth.later()(), manager_->tasks(),
                  [self, reply, failed](core::Outcome<Value>&& outcome) noexcept {
                    if (self->manager_ == nullptr || !reply.open()) return;
                    if (outcome.has_value()) {
                      reply(outcome.take());
                    } else {
                      failed(*self, outcome.error());
                    }
                  });
    });
    if (!asked.has_value() && manager_ != nullptr) failed(*this, asked.error());
  });
}

void SocketCore::join(Value const& auth) {
  if (!active_ || joining_ || !manager_->is_open()) return;
  joining_ = true;
  if (pid_.empty()) {
    if (auth.is_undefined() || auth.is_null()) return send(socketio::PacketType::connect);
    return send(socketio::PacketType::connect, socketio::PacketData(EncodableRef(auth)));
  }
  Object payload;
  payload.set("pid", pid_);
  if (!last_offset_.empty()) payload.set("offset", last_offset_);
  if (auto const* const members = auth.get_if<Object>()) {
    for (auto const& [name, value] : *members)
      payload.set(name, value);
  }
  Value const value(std::move(payload));
  send(socketio::PacketType::connect, socketio::PacketData(EncodableRef(value)));
}

void SocketCore::disconnect() {
  if (connected_) send(socketio::PacketType::disconnect);
  auto const was_connected = connected_;
  leave();
  if (was_connected) on_close("io client disconnect", {});
}

void SocketCore::leave() {
  active_ = false;
  if (auth_question_) auth_question_->withdraw();
  show();
  manager_->left();
}

void SocketCore::on_error(std::string_view message, Value data) {
  if (!connected_) emit_reserved("connect_error", {message, std::move(data)});
}

void SocketCore::on_close(std::string_view reason, std::string_view description) {
  if (auth_question_) auth_question_->withdraw();
  connected_ = false;
  id_.clear();
  show();
  emit_reserved("disconnect", {reason, description});
  drop_acks();
}

void SocketCore::shut() {
  manager_ = nullptr;
  active_ = connected_ = false;
  id_.clear();
  show();
  auth_question_ = nullptr;
  // What they have captured may call back.
  auto const acks = std::exchange(acks_, {});
  auto const queue = std::exchange(queue_, {});
  auto const waiting = std::exchange(waiting_, {});
  auto const received = std::exchange(received_, {});
  auto const auth = std::exchange(auth_, std::nullopt);
  listeners_.clear();
}

// --- What the server sends

void SocketCore::on_packet(socketio::IncomingPacket& packet) {
  using socketio::PacketType;
  switch (packet.type) {
    // Whoever is connected has not asked to be.
    case PacketType::connect:
      return connected_ ? void() : connected(packet.payload[0]);
    case PacketType::event:
      return take_event(packet);
    case PacketType::ack:
      return take_ack(packet);
    case PacketType::disconnect:
      if (!active_) return;
      leave();
      return on_close("io server disconnect", {});
    case PacketType::connect_error:
      return connected_ ? void() : refused(packet.payload[0]);
  }
}

void SocketCore::connected(Value const& reply) {
  joining_ = false;
  // It has left before the server could answer.
  if (!active_) return send(socketio::PacketType::disconnect);
  auto const sid = reply["sid"].get_if<std::string_view>();
  if (!sid || sid->empty()) return emit_reserved("connect_error", {version_2_message, {}});
  auto const pid = reply["pid"].get_if<std::string_view>().value_or("");
  id_ = *sid;
  recovered_ = !pid.empty() && pid == pid_;
  pid_ = pid;
  connected_ = true;
  show();
  // What the server has sent before its answer was missed: it comes first.
  for (auto const& received : std::exchange(received_, {}))
    dispatch(received);
  while (connected_ && !waiting_.empty()) {
    auto const emission = std::move(waiting_.front());
    waiting_.pop_front();
    send_event(emission);
  }
  drain_queue(true);
  if (connected_) emit_reserved("connect", {});
}

void SocketCore::refused(Value const& payload) {
  joining_ = false;
  if (!active_) return;
  leave();
  auto const message = payload.get_if<std::string_view>()
                           ? payload.as_string()
                           : payload["message"].get_if<std::string_view>().value_or("");
  // Copies: the listeners may connect again.
  emit_reserved("connect_error", {message, payload["data"]});
}

void SocketCore::take_event(socketio::IncomingPacket& packet) {
  auto const name = packet.payload[0];
  if (name.is_undefined() || !active_) return;
  Received received{name.is_string() ? std::string(name.as_string()) : json::stringify(name), packet.payload,
                    packet.id};
  received.args.drop_first();
  if (connected_) return dispatch(received);
  received.args.own();
  received_.push_back(std::move(received));
}

void SocketCore::dispatch(Received const& received) {
  if (manager_ == nullptr) return;
  auto const self = shared_from_this();
  auto const ack = received.id ? socketio::AckHandle(std::make_shared<ServerAck>(self, *received.id))
                               : socketio::AckHandle();
  auto const& args = received.args;
  Event const event{received.name, args, ack, manager_->tasks(), manager_->log()};
  auto const gate = handle_->gate;
  // Behind the listeners: what they have not seen is not to be left out when it is missed.
  auto const offset = !pid_.empty() && !args.empty() ? args[args.size() - 1] : Value();
  listeners_.incoming().call(event, *gate, {"client", "a listener to all events", nsp_});
  listeners_.call(event, *gate, received.name);
  if (offset.is_string() && !pid_.empty()) last_offset_ = offset.as_string();
}

void SocketCore::emit_reserved(std::string_view name, std::vector<Value> values) {
  if (manager_ == nullptr) return;
  auto const self = shared_from_this();
  Args const args(std::move(values));
  socketio::AckHandle const nobody;
  Event const event{name, args, nobody, manager_->tasks(), manager_->log()};
  listeners_.call(event, *handle_->gate, name);
}

// --- What is sent

void SocketCore::send(socketio::EncodedPacket const& packet, bool compress) {
  packet.each([&](socketio::Frame const& frame) { manager_->send(frame, compress); });
}

void SocketCore::send_event(Emission const& emission) {
  if (!listeners_.outgoing().empty()) tell_outgoing(*emission.packet);
  // They may have closed the client.
  if (manager_ != nullptr) send(*emission.packet, emission.options.compress);
}

/// The arguments were encoded where the event was emitted, and are read from there.
void SocketCore::tell_outgoing(socketio::EncodedPacket const& packet) {
  socketio::IncomingPacket read;
  std::unique_ptr<socketio::PartialPacket> begun;
  using Kind = socketio::ParseResult::Kind;
  auto last = Kind::incomplete;
  packet.each([&](socketio::Frame const& frame) {
    if (last == Kind::incomplete)
      last = handle_->parser->decode(frame, begun, {.max_attachments_size = packet.size()}, read).kind;
  });
  if (last != Kind::complete || read.payload.empty()) return;
  auto const name = read.payload[0];
  read.payload.drop_first();
  auto const self = shared_from_this();
  socketio::AckHandle const nobody;
  Event const event{name.is_string() ? name.as_string() : std::string_view{}, read.payload, nobody,
                    manager_->tasks(), manager_->log()};
  listeners_.outgoing().call(event, *handle_->gate, {"client", "a listener to all that is sent", nsp_});
}

void SocketCore::send(socketio::PacketType type, socketio::PacketData const& data) {
  socketio::EncodedPacket packet;
  handle_->parser->encode({.type = type, .nsp = nsp_, .id = {}, .data = data}, packet);
  send(packet);
}

Emission SocketCore::encode(std::string_view event, ArgsRef args, OnReply on_reply,
                            socketio::EmitOptions const& options) {
  Emission emission{.packet = std::make_unique<socketio::EncodedPacket>(),
                    .id = {},
                    .on_reply = std::move(on_reply),
                    .options = options};
  if (emission.on_reply) emission.id = next_id_.fetch_add(1, std::memory_order_relaxed);
  handle_->parser->encode({.type = socketio::PacketType::event,
                           .nsp = nsp_,
                           .id = emission.id,
                           .data = socketio::PacketData(event, args)},
                          *emission.packet);
  return emission;
}

void SocketCore::emit(std::string_view event, ArgsRef args, OnReply on_reply,
                      socketio::EmitOptions const& options) {
  if (socketio::is_reserved_event(event)) {
    throw std::invalid_argument(
        core::concat("aerie: \"", event, "\" is a reserved event name; emit another one"));
  }
  if (handle_->retries == 0 || options.is_volatile) {
    return run([emission = encode(event, args, std::move(on_reply), options)](SocketCore& self) mutable {
      self.submit(std::move(emission));
    });
  }
  QueuedEvent queued{.event = std::string(event), .on_reply = std::move(on_reply), .options = options};
  for (auto const& arg : args)
    queued.args.push_back(to_value(arg));
  run([queued = std::move(queued)](SocketCore& self) mutable { self.enqueue(std::move(queued)); });
}

void SocketCore::submit(Emission emission) {
  if (emission.id) register_ack(emission);
  if (emission.options.is_volatile && !manager_->idle()) return;
  if (connected_ && !manager_->ping_expired()) return send_event(emission);
  waiting_.push_back(std::move(emission));
}

void SocketCore::answer(std::uint64_t id, ArgsRef args) {
  auto packet = std::make_unique<socketio::EncodedPacket>();
  handle_->parser->encode(
      {.type = socketio::PacketType::ack, .nsp = nsp_, .id = id, .data = socketio::PacketData(args)},
      *packet);
  run([packet = std::move(packet)](SocketCore& self) {
    if (self.connected_) self.send(*packet);
  });
}

}}}  // namespace aerie::v1::client
