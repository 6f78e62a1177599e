#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/run_handlers.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

void refuse_reserved(std::string_view event) {
  if (socketio::is_reserved_event(event)) {
    throw std::invalid_argument(core::concat("aerie: \"", event, "\" is a reserved event name"));
  }
}

}  // namespace

Socket::Socket(socketio::Client& client, socketio::LocalAdapter& adapter, std::string_view id,
               Handshake handshake)
    : nsp_(adapter.nsp().shared_from_this()),
      adapter_(&adapter),
      client_(&client),
      handshake_(std::move(handshake)) {
  std::copy_n(id.begin(), std::min(id.size(), id_.size()), id_.begin());
}

Socket::~Socket() = default;

core::Shard& Socket::shard() const noexcept {
  return adapter_->node().shard();
}

engineio::Session* Socket::conn() const noexcept {
  return client_ == nullptr ? nullptr : &client_->session();
}

SocketHandle Socket::handle() {
  return SocketHandle(shared_from_this());
}

socketio::SocketState& Socket::state() {
  if (!rare_) rare_ = std::make_unique<socketio::SocketState>(*this, shard());
  return *rare_;
}

core::TaskContext& Socket::tasks() {
  return state().tasks;
}

socketio::TypedSlots& socketio::slots_of(Socket& socket) {
  return socket.state().slots;
}

socketio::TypedSlots const* socketio::find_slots(Socket const& socket) noexcept {
  return socket.rare_ ? &socket.rare_->slots : nullptr;
}

// --- Rooms

void Socket::join(socketio::RoomList rooms) {
  if (state_ == State::disconnected) return;
  for (auto const& room : rooms.rooms()) {
    if (memberships_.size() >= adapter_->node().server().options().max_rooms_per_socket) {
      throw std::length_error(core::concat("aerie: socket ", id(), " is in ",
                                           std::to_string(memberships_.size()),
                                           " rooms; ServerOptions::max_rooms_per_socket allows no more"));
    }
    adapter_->join(*this, room);
  }
}

void Socket::leave(std::string_view room) {
  adapter_->leave(*this, room);
}

std::vector<std::string> Socket::rooms() const {
  std::vector<std::string> names;
  if (state_ == State::disconnected) return names;
  names.emplace_back(id());
  for (auto const& entry : memberships_)
    names.push_back(entry.room->name);
  return names;
}

BroadcastOperator Socket::broadcast() const {
  return BroadcastOperator(nsp().shared_from_this(), {.except = {std::string(id())}});
}

BroadcastOperator Socket::to(socketio::RoomList rooms) const {
  return broadcast().to(std::move(rooms));
}

BroadcastOperator Socket::except(socketio::RoomList rooms) const {
  return broadcast().except(std::move(rooms));
}

BroadcastOperator Socket::local() const {
  return broadcast().local();
}

// --- Sending

bool Socket::writable() const noexcept {
  return client_ != nullptr && client_->session().writable();
}

void Socket::send_packet(socketio::EncodedPacket const& packet, bool compress) {
  if (client_ == nullptr) return;
  auto& session = client_->session();
  session.send_text(packet.text, compress);
  for (auto const& attachment : packet.attachments)
    session.send_binary(attachment.view(), compress);
}

void Socket::emit_event(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                        UniqueFunction<void(AckReply)> on_reply) {
  refuse_reserved(event);
  if (client_ == nullptr || client_->session().state() != engineio::Session::State::open) {
    if (!on_reply) return;
    shard().post([socket = shared_from_this(), give = std::move(on_reply)] {
      socketio::guarded(*socket, "acknowledgement", [&] { give(AckReply(AckError::disconnected)); });
    });
    return;
  }
  auto const sent = !options.is_volatile || writable();
  if (!sent && !on_reply) return;
  std::optional<std::uint64_t> id;
  if (on_reply) {
    id = nsp().next_ack();
    expect_ack(*id, options.timeout, std::move(on_reply));
  }
  if (!sent) return;
  auto& packet = adapter_->node().scratch_packet();
  socketio::encode_event(packet, nsp().name(), id, event, args);
  send_packet(packet, options.compress);
  if (!listens_to_outgoing()) return;
  std::vector<Value> values;
  for (auto const& arg : args)
    values.push_back(to_value(arg));
  tell_outgoing(event, Args(std::move(values)));
}

void Socket::emit_named(Value const& event, ArgsRef args) const {
  if (event.is_string()) return emit_args(event.as_string(), args);
  if (!connected()) return;
  std::vector<EncodableRef> elements{event};
  elements.insert(elements.end(), args.begin(), args.end());
  auto& packet = adapter_->node().scratch_packet();
  socketio::encode_elements_packet(packet, nsp().name(), elements);
  const_cast<Socket*>(this)->send_packet(packet, true);
}

void Socket::expect_ack(std::uint64_t id, std::optional<std::chrono::milliseconds> timeout,
                        UniqueFunction<void(AckReply)> on_reply) {
  auto& acks = state().acks;
  if (acks.size() >= adapter_->node().server().options().max_pending_acks_per_socket) {
    throw std::length_error(
        core::concat("aerie: socket ", this->id(), " owes ", std::to_string(acks.size()),
                     " acknowledgements; set a timeout on events that ask for one, or raise "
                     "ServerOptions::max_pending_acks_per_socket"));
  }
  auto pending = std::make_unique<socketio::PendingAck>(state(), id, std::move(on_reply));
  if (timeout) shard().start(pending->timer, *timeout);
  acks.emplace(id, std::move(pending));
}

void Socket::disconnect(bool close) {
  if (close) {
    if (client_ != nullptr) client_->disconnect();
    return;
  }
  if (state_ != State::connected || leaving_) return;
  client_->session().send_text(socketio::encode_control(socketio::PacketType::disconnect, nsp().name()));
  closed(DisconnectReason::server_namespace_disconnect);
}

// --- Listening

void Socket::add_handler(std::string_view event, std::unique_ptr<socketio::EventHandler> handler) {
  refuse_reserved(event);
  state().handlers[std::string(event)].push_back(std::move(handler));
}

void Socket::off(std::string_view event) {
  if (!rare_) return;
  auto const found = rare_->handlers.find(event);
  if (found == rare_->handlers.end()) return;
  // They may be running; and whoever runs them is to find no more of them.
  shard().retire(std::make_unique<socketio::HandlerList>(std::exchange(found->second, {})));
  shard().retire(std::make_unique<socketio::HandlerMap::node_type>(rare_->handlers.extract(found)));
}

std::size_t Socket::on_any(AnyListener listener) {
  return state().any.append(std::move(listener));
}
std::size_t Socket::prepend_any(AnyListener listener) {
  return state().any.prepend(std::move(listener));
}
void Socket::off_any(std::size_t listener) {
  state().any.remove(listener);
}

std::size_t Socket::on_any_outgoing(AnyListener listener) {
  auto const first = !listens_to_outgoing();
  auto const number = state().any_outgoing.append(std::move(listener));
  if (first) adapter_->listener_added();
  return number;
}

std::size_t Socket::prepend_any_outgoing(AnyListener listener) {
  auto const first = !listens_to_outgoing();
  auto const number = state().any_outgoing.prepend(std::move(listener));
  if (first) adapter_->listener_added();
  return number;
}

void Socket::off_any_outgoing(std::size_t listener) {
  auto const listened = listens_to_outgoing();
  state().any_outgoing.remove(listener);
  if (listened && !listens_to_outgoing()) adapter_->listener_removed();
}

void Socket::use(std::function<void(SocketEvent&)> middleware) {
  state().middlewares.push_back(std::move(middleware));
}

void Socket::on_error(std::function<void(std::string_view)> listener) {
  state().error_listeners.push_back(std::move(listener));
}

void Socket::tell_outgoing(std::string_view event, Args const& args) {
  socketio::guarded(*this, event, [&] { rare_->any_outgoing.call(event, args); });
}

// --- What the client tells

void Socket::connect() {
  auto const keep = shared_from_this();
  adapter_->add(*this);
  state_ = State::connected;
  std::string json = "{\"sid\":\"";
  json.append(id()).append("\"}");
  client_->session().send_text(socketio::encode_control(socketio::PacketType::connect, nsp().name(), json));
  static Args const none;
  socketio::run_handlers(*this, &socketio::HandlerSet::connection, nullptr, {*this, "connection", none});
}

void Socket::received_event(std::string_view name, Args args, std::optional<std::uint64_t> ack) {
  // Whatever happens to this socket meanwhile: its client keeps it until the turn is over.
  if (state_ != State::connected) return;
  for (auto* const handlers : {nsp().parent_handlers(), &nsp().handler_set()}) {
    if (handlers == nullptr) continue;
    // By index and copied: a listener may add others.
    for (std::size_t i = 0; i < handlers->any.size(); ++i) {
      auto const listener = handlers->any[i];
      socketio::guarded(*this, name, [&] { listener(*this, name, args); });
    }
  }
  if (rare_) {
    socketio::guarded(*this, name, [&] { rare_->any.call(name, args); });
    try {
      SocketEvent event{name, args};
      for (std::size_t i = 0; i < rare_->middlewares.size(); ++i) {
        auto const middleware = rare_->middlewares[i];
        middleware(event);
      }
    } catch (...) {
      failed(core::describe(std::current_exception()));
      return;
    }
  }
  if (state_ == State::connected) dispatch(name, args, ack);
}

void Socket::dispatch(std::string_view name, Args& args, std::optional<std::uint64_t> ack) {
  socketio::IncomingEvent const event{*this, name, args, ack};
  auto const run = [&](socketio::HandlerMap const& handlers) {
    auto const found = handlers.find(name);
    if (found == handlers.end()) return;
    socketio::run_all(found->second, event);
  };
  if (auto* const parent = nsp().parent_handlers()) run(parent->events);
  run(nsp().handler_set().events);
  if (rare_ && !rare_->handlers.empty()) run(rare_->handlers);
}

void Socket::received_ack(std::uint64_t id, Args args) {
  if (state_ != State::connected || !rare_) return;
  auto const keep = shared_from_this();
  rare_->settle(id, AckReply(std::move(args)));
}

void Socket::failed(std::string_view message) {
  if (!rare_) return;
  auto const keep = shared_from_this();
  // A copy: a listener may add others.
  for (auto const& listener : std::vector(rare_->error_listeners)) {
    socketio::guarded(*this, "error", [&] { listener(message); });
  }
}

void Socket::closed(DisconnectReason reason) {
  // A handler may disconnect it again.
  if (state_ != State::connected || std::exchange(leaving_, true)) return;
  auto const keep = shared_from_this();
  static Args const none;
  socketio::IncomingEvent event{*this, "disconnecting", none};
  event.reason = reason;
  event.leaving = true;
  socketio::run_handlers(*this, &socketio::HandlerSet::disconnecting, &socketio::SocketState::disconnecting,
                         event);
  auto* const client = client_;
  state_ = State::disconnected;
  adapter_->leave_all(*this);
  adapter_->remove(*this);
  frames_ = nullptr;
  client_ = nullptr;
  client->left(*this);
  if (rare_) {
    rare_->tasks.cancel();
    for (auto const& entry : std::exchange(rare_->acks, {})) {
      auto& pending = *entry.second;
      pending.timer.cancel();
      socketio::guarded(*this, "acknowledgement",
                        [&] { pending.on_reply(AckReply(AckError::disconnected)); });
    }
  }
  event.name = "disconnect";
  socketio::run_handlers(*this, &socketio::HandlerSet::disconnect, &socketio::SocketState::disconnect, event);
  adapter_->node().server().release(nsp());
}

void Socket::abandoned() {
  if (state_ != State::connecting) return;
  state_ = State::disconnected;
  if (listens_to_outgoing()) adapter_->listener_removed();
  adapter_->leave_all(*this);
  frames_ = nullptr;
  client_ = nullptr;
  if (rare_) rare_->tasks.cancel();
  adapter_->node().server().release(nsp());
}

void Socket::dispose() noexcept {
  client_ = nullptr;
  frames_ = nullptr;
  state_ = State::disconnected;
  if (rare_) rare_->tasks.abandon();
}

// --- SocketEmitter

SocketEmitter SocketEmitter::compress(bool on) const {
  auto copy = options_;
  copy.compress = on;
  return SocketEmitter(socket_, copy);
}

SocketEmitter SocketEmitter::volatile_() const {
  auto copy = options_;
  copy.is_volatile = true;
  return SocketEmitter(socket_, copy);
}

SocketEmitter SocketEmitter::timeout(std::chrono::milliseconds timeout) const {
  auto copy = options_;
  copy.timeout = timeout;
  return SocketEmitter(socket_, copy);
}

void SocketEmitter::emit_args(std::string_view event, ArgsRef args) const {
  emit_args(event, args, nullptr);
}

void SocketEmitter::emit_args(std::string_view event, ArgsRef args,
                              UniqueFunction<void(AckReply)> on_reply) const {
  // Sending changes nothing that a user of a const Socket could see.
  const_cast<Socket&>(socket_).emit_event(event, args, options_, std::move(on_reply));
}

// --- SocketHandle

void SocketHandle::run(UniqueFunction<void(Socket&)> action) const {
  auto& shard = socket_->shard();
  if (shard.in_turn()) {
    if (socket_->connected()) action(*socket_);
    return;
  }
  shard.post([socket = socket_, action = std::move(action)] {
    if (!socket->connected()) return;
    socketio::guarded(*socket, "an action from another thread", [&] { action(*socket); });
  });
}

void SocketHandle::join(socketio::RoomList rooms) const {
  run([rooms = std::move(rooms)](Socket& socket) { socket.join(rooms); });
}

void SocketHandle::leave(std::string_view room) const {
  run([room = std::string(room)](Socket& socket) { socket.leave(room); });
}

void SocketHandle::disconnect(bool close) const {
  run([close](Socket& socket) { socket.disconnect(close); });
}

void SocketHandle::emit_args(std::string_view event, ArgsRef args) const {
  refuse_reserved(event);
  if (socket_->shard().in_turn()) {
    if (socket_->connected()) socket_->emit_args(event, args);
    return;
  }
  // The arguments are gone when the shard gets to it.
  std::vector<Value> values;
  for (auto const& arg : args)
    values.push_back(to_value(arg));
  run([event = std::string(event), values = std::move(values)](Socket& socket) {
    socket.emit_args(event, socketio::SpreadList(values));
  });
}

}}  // namespace aerie::v1
