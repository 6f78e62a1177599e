#include "socketio/client.hpp"
#include "socketio/event_gate.hpp"
#include "socketio/event_name.hpp"
#include "socketio/held_events.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

Socket::Socket(socketio::Client& client, socketio::LocalAdapter& adapter, std::string_view id,
               Handshake handshake)
    : id_(id.empty() ? client.id_in(adapter.nsp().name()) : core::KeptId(id)),
      parser_(client.parser_index()),
      nsp_(adapter.nsp().shared_from_this()),
      adapter_(&adapter),
      client_(&client),
      handshake_(std::move(handshake)) {}

// What the application keeps with the socket may still ask it for this and that.
Socket::~Socket() {
  if (rare_) rare_->slots = {};
}

core::Shard& Socket::shard() const noexcept {
  return adapter_->node().shard();
}

engineio::Session* Socket::conn() const noexcept {
  return client_ == nullptr ? nullptr : &client_->session();
}

SocketHandle Socket::handle() {
  return SocketHandle(shared_from_this());
}

socketio::SocketState::SocketState(Socket& owner) : socket(owner) {}

socketio::SocketState::~SocketState() = default;

socketio::SocketState& Socket::state() {
  if (!rare_) rare_ = std::make_unique<socketio::SocketState>(*this);
  return *rare_;
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
    auto const joined = memberships_.size();
    if (joined >= adapter_->node().server().options().max_rooms_per_socket) {
      throw std::length_error(core::concat("aerie: socket ", id(), " is in ", std::to_string(joined),
                                           " rooms; ServerOptions::max_rooms_per_socket allows no more"));
    }
    adapter_->join(*this, room);
  }
}

void Socket::leave(std::string_view room) {
  adapter_->leave(*this, room);
}

std::vector<std::string> Socket::rooms() const {
  if (state_ == State::disconnected) return {};
  return adapter_->rooms_of(*this);
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

Parser const& Socket::parser() const noexcept {
  return nsp_->server_->parsers()[parser_];
}

Parser const& socketio::parser_of(Socket const& socket) noexcept {
  return socket.parser();
}

void Socket::send_packet(socketio::OutgoingPacket const& packet, bool compress) {
  auto& encoded = adapter_->node().scratch_packet();
  parser().encode(packet, encoded);
  send_packet(encoded, compress);
}

void Socket::send_packet(socketio::EncodedPacket const& packet, bool compress) {
  if (client_ != nullptr) client_->send(packet, compress);
}

void Socket::emit_event(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                        UniqueFunction<void(AckReply)> on_reply) {
  socketio::require_not_reserved(event);
  if (client_ == nullptr || client_->session().state() != engineio::Session::State::open ||
      (on_reply && client_->is_leaving())) {
    return emit_to_nobody(event, args, options, std::move(on_reply));
  }
  if (on_reply && options.at_least_once && is_session_)
    return emit_until_answered(event, args, options, std::move(on_reply));
  auto const sent = !options.is_volatile || writable();
  if (!sent) adapter_->node().counts().dropped_volatile.add();
  if (!sent && !on_reply) return;
  std::optional<std::uint64_t> id;
  if (on_reply) {
    id = nsp().next_ack();
    expect_ack(*id, options.timeout, std::move(on_reply));
  }
  if (!sent) return;
  if (auto* const metrics = adapter_->node().metrics()) metrics->sent.add();
  socketio::OutgoingPacket const packet{
      .nsp = nsp().name(), .id = id, .data = socketio::PacketData(event, args)};
  // What asks for an acknowledgement has somebody who waits for it.
  auto const* const rule = id ? nullptr : nsp().rule_for(event);
  if (is_session_ && !id && !options.is_volatile && rule == nullptr) {
    // In its place among what all servers emit; listeners hear of it when it comes from there.
    if (is_logged()) {
      nsp().to(this->id()).compress(options.compress).emit_args(event, args);
      return;
    }
    std::vector<EncodableRef> elements{event};
    elements.insert(elements.end(), args.begin(), args.end());
    send_retained(std::move(elements), options.compress);
  } else if (rule != nullptr && holds_back()) {
    auto encoded = std::make_shared<socketio::EncodedPacket>();
    parser().encode(packet, *encoded);
    hold_back(std::move(encoded), options.compress, *rule);
  } else {
    send_packet(packet, options.compress);
  }
  tell_outgoing_values(event, args);
}

void Socket::tell_outgoing_values(std::string_view event, ArgsRef args) {
  if (!listens_to_outgoing()) return;
  std::vector<Value> values;
  for (auto const& arg : args)
    values.push_back(to_value(arg));
  tell_outgoing(event, Args(std::move(values)));
}

bool Socket::is_logged() const noexcept {
  return adapter_->node().recovery()->shared().is_logged();
}

/// The client is gone. It may come back, to this shard or to another.
void Socket::emit_to_nobody(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                            UniqueFunction<void(AckReply)> on_reply) {
  if (on_reply) {
    adapter_->node().anchor().post([socket = shared_from_this(), give = std::move(on_reply)] {
      socketio::call_for(*socket, "acknowledgement", give, AckReply(AckError::disconnected));
    });
  } else if (is_session_ && !options.is_volatile) {
    nsp().to(id()).compress(options.compress).emit_args(event, args);
  }
}

/// Sends an event that a client that comes back is sent again, with its offset behind its arguments.
void Socket::send_retained(std::vector<EncodableRef> elements, bool compress) {
  auto& recovery = *adapter_->node().recovery();
  auto const event = std::make_shared<socketio::Retained>(
      socketio::Retained{recovery.shared().next(recovery.shared().direct_of(adapter_->node().index())),
                         {.rooms = {std::string(id())}},
                         compress});
  auto const offset = recovery.shared().spelling().write(event->offset);
  elements.emplace_back(offset);
  event->packets.encode(adapter_->node().parsers(),
                        {.nsp = nsp().name(), .data = socketio::PacketData(ArgsRef(elements))},
                        socketio::PacketSet::For::all);
  recovery.retain(nsp(), event);
  send_packet(*event->packets.find(parser_), compress);
}

void Socket::emit_named(Value const& event, ArgsRef args) const {
  if (event.is_string()) return emit_args(event.as_string(), args);
  if (!connected()) return;
  std::vector<EncodableRef> elements{event};
  elements.insert(elements.end(), args.begin(), args.end());
  if (is_session_ && !is_logged()) return const_cast<Socket*>(this)->send_retained(std::move(elements), true);
  const_cast<Socket*>(this)->send_packet(
      {.nsp = nsp().name(), .data = socketio::PacketData(ArgsRef(elements))}, true);
}

void Socket::require_place_for_ack() const {
  auto const owed = rare_ && rare_->acks ? rare_->acks->size() : 0;
  if (owed < adapter_->node().server().options().max_pending_acks_per_socket) return;
  throw std::length_error(
      core::concat("aerie: socket ", id(), " owes ", std::to_string(owed),
                   " acknowledgements; set a timeout on events that ask for one, or raise "
                   "ServerOptions::max_pending_acks_per_socket"));
}

void Socket::expect_ack(std::uint64_t id, std::optional<std::chrono::milliseconds> timeout,
                        UniqueFunction<void(AckReply)> on_reply) {
  require_place_for_ack();
  auto& rare = state();
  if (!rare.acks) rare.acks = std::make_unique<socketio::PendingAcks>();
  auto pending = std::make_unique<socketio::PendingAck>(rare, id, std::move(on_reply), shard().account());
  if (timeout) shard().start(pending->timer, *timeout);
  rare.acks->emplace(id, std::move(pending));
  client_->owes(1);
}

void Socket::disconnect(bool close) {
  if (close) {
    if (client_ != nullptr) client_->disconnect();
    return;
  }
  if (state_ != State::connected || leaving_) return;
  client_->send({.type = socketio::PacketType::disconnect, .nsp = nsp().name()});
  closed(DisconnectReason::server_namespace_disconnect, {});
}

// --- What the client tells

void Socket::connect(socketio::ClaimedSession const& claimed) {
  auto const keep = shared_from_this();
  if (claimed.outcome == Recovery::recovered && !send_missed(claimed)) return;
  adapter_->add(*this);
  if (state_ != State::connecting) return;  // a listener to rooms has ended its client
  if (client_->is_of_v2()) {
    // These make their ids of that of their connection.
    client_->send({.type = socketio::PacketType::connect, .nsp = nsp().name()});
  } else {
    auto* const recovery = adapter_->node().recovery();
    auto const pid = recovery == nullptr ? core::Id() : recovery->connected(*this);
    socketio::ConnectReply const reply{id(), pid.view()};
    client_->send({.type = socketio::PacketType::connect,
                   .nsp = nsp().name(),
                   .data = socketio::PacketData(EncodableRef(reply))});
  }
  if (state_ != State::connecting) return;
  state_ = State::connected;
  adapter_->node().debug("socket.io:namespace", "socket ", id(), " has entered ", nsp().name());
  if (claimed.outcome == Recovery::recovered) send_unanswered_again();
  socketio::call_all(&socketio::HandlerSet::connection, nullptr, {*this, "connection", socketio::no_args()});
}

/// Sends what its session has missed. Before its CONNECT, as the official server does: the client puts it
/// aside until then. False if the client has gone, or must go.
bool Socket::send_missed(socketio::ClaimedSession const& claimed) {
  auto const missed = adapter_->node().recovery()->attach(claimed, *this);
  if (!missed) {
    // The client has come on another way since, or the middlewares have taken too long: it tries again.
    client_->session().close();
    return false;
  }
  for (auto const& event : *missed) {
    // There is none of another server's event that could not be written: nobody was sent that.
    auto const* const packet = event->packets.find(parser_);
    if (packet != nullptr) client_->send(*packet, event->compress);
    // It reads too slowly, or a listener to what is sent has closed it.
    if (state_ != State::connecting) return false;
  }
  return true;
}

void Socket::received_event(std::string_view name, Args& args, std::optional<std::uint64_t> ack) {
  // Whatever happens to this socket meanwhile: its client keeps it until the turn is over.
  if (state_ != State::connected) return;
  auto const* const parent = nsp().parent_handlers();
  auto const somebody_is_before_handlers =
      rare_ || !nsp().handler_set().any.empty() || (parent != nullptr && !parent->any.empty());
  if (somebody_is_before_handlers) return pass(name, args, ack);
  dispatch(name, args, ack);
}

/// Takes the event past those who listen to everything, and the socket's middlewares.
void Socket::pass(std::string_view name, Args& args, std::optional<std::uint64_t> ack) {
  for (auto const* const handlers : {nsp().parent_handlers(), &nsp().handler_set()}) {
    if (handlers != nullptr) tell_any(*handlers, name, args);
  }
  if (rare_) {
    rare_->any.snapshot().each(
        [&](auto& listener) { socketio::call_for(*this, name, listener, name, args); });
    if (rare_->gate) return rare_->gate->take(name, std::move(args), ack);
    if (!through_middlewares(name, args)) return;
  }
  if (state_ == State::connected) dispatch(name, args, ack);
}

void Socket::tell_any(socketio::HandlerSet const& handlers, std::string_view name, Args const& args) {
  handlers.any.snapshot(handlers.callers()).each([&](auto& listener) {
    socketio::call_for(*this, name, listener, *this, name, args);
  });
}

bool Socket::through_middlewares(std::string_view name, Args& args) {
  return rare_->middlewares.snapshot().while_true([&](auto& middleware) {
    SocketEvent event{name, args};
    auto const outcome = core::try_user(middleware.at_once, event);
    if (!outcome.has_value()) failed(core::describe(outcome.error()));
    return outcome.has_value();
  });
}

namespace {

/// False if there are none. `metrics` may be null. In place: every event passes here, and a call costs more
/// than what is saved by it.
[[gnu::always_inline]] inline bool call_handlers(socketio::HandlerMap const& handlers,
                                                 socketio::Callers callers,
                                                 socketio::IncomingEvent const& event,
                                                 socketio::EventMetrics* metrics) {
  auto const found = handlers.find(event.name);
  // Those that were removed leave their name.
  if (found == handlers.end() || found->second.empty()) return false;
  if (metrics != nullptr) metrics->found(event.name, found->second);
  socketio::call_all(found->second, callers, event);
  return true;
}

void tell_whether_handled(socketio::HandlerSet const& handlers, socketio::IncomingEvent const& event,
                          bool handled) {
  if (handlers.otherwise) socketio::call_for(event.socket, event.name, handlers.otherwise, event, handled);
}

}  // namespace

void Socket::dispatch(std::string_view name, Args& args, std::optional<std::uint64_t> ack) {
  socketio::IncomingEvent const event{*this, name, args, ack};
  auto const* const parent = nsp().parent_handlers();
  auto const& own = nsp().handler_set();
  auto* const metrics = adapter_->node().metrics();
  auto handled = parent != nullptr && call_handlers(parent->events, parent->callers(), event, metrics);
  handled |= call_handlers(own.events, own.callers(), event, metrics);
  if (rare_ && rare_->handlers)
    handled |= call_handlers(*rare_->handlers, socketio::Callers::one_thread, event, metrics);
  if (parent != nullptr) tell_whether_handled(*parent, event, handled);
  tell_whether_handled(own, event, handled);
}

void Socket::received_ack(std::uint64_t id, Args&& args) {
  if (state_ != State::connected || !rare_) return;
  auto const keep = shared_from_this();
  rare_->settle(id, AckReply(std::move(args)));
}

void Socket::failed(std::string_view message) {
  if (!rare_) return;
  auto const keep = shared_from_this();
  rare_->errors.snapshot().each(
      [&](auto& listener) { socketio::call_for(*this, "error", listener, message); });
}

void Socket::closed(DisconnectReason reason, std::string_view description) {
  if (state_ == State::connecting) {
    // It has not come so far as to be told of its end.
    auto* const client = client_;
    abandoned();
    return client->left(*this);
  }
  // A handler may disconnect it again.
  if (state_ != State::connected || std::exchange(leaving_, true)) return;
  auto const keep = shared_from_this();
  adapter_->node().debug("socket.io:namespace", "socket ", id(), " leaves ", nsp().name(), ": ",
                         to_string(reason));
  socketio::IncomingEvent event{*this, "disconnecting", socketio::no_args()};
  event.reason = reason;
  event.description = description;
  socketio::call_all(&socketio::HandlerSet::disconnecting, &socketio::SocketState::disconnecting, event);
  auto const waits = is_session_ && adapter_->node().recovery()->gone(*this, reason);
  auto* const client = client_;
  state_ = State::disconnected;
  auto const rooms_left = adapter_->depart(*this);
  is_reachable_ = false;
  sink_ = {};
  forget_flow();
  settle_all();
  client_ = nullptr;
  client->left(*this);
  end_tasks_of_client();
  adapter_->tell_gone(*this, rooms_left);
  event.name = "disconnect";
  socketio::call_all(&socketio::HandlerSet::disconnect, &socketio::SocketState::disconnect, event);
  // Else its session has it now.
  if (!waits) adapter_->node().server().namespaces().release(nsp());
}

void Socket::settle_all() {
  if (!rare_ || !rare_->acks) return;
  auto const acks = std::move(rare_->acks);
  client_->owes(-static_cast<std::ptrdiff_t>(acks->size()));
  for (auto const& entry : *acks) {
    auto& pending = *entry.second;
    pending.timer.cancel();
    socketio::call_for(*this, "acknowledgement", pending.on_reply, AckReply(AckError::disconnected));
  }
}

void Socket::end_what_waits() {
  settle_all();
  end_tasks_of_client();
}

void Socket::end_tasks_of_client() {
  if (rare_) adapter_->node().end(std::move(rare_->until_leave));
}

void Socket::abandoned() {
  if (state_ != State::connecting) return;
  auto const waits =
      is_session_ && adapter_->node().recovery()->gone(*this, DisconnectReason::transport_close);
  state_ = State::disconnected;
  // Else this is done where it leaves its adapter.
  if (!is_reachable_ && listens_to_outgoing()) adapter_->listener_removed();
  auto const rooms_left = adapter_->depart(*this);
  is_reachable_ = false;
  sink_ = {};
  forget_flow();
  settle_all();
  client_->forget_handlers_of(*this);
  client_ = nullptr;
  end_tasks_of_client();
  adapter_->tell_gone(*this, rooms_left);
  if (!waits) adapter_->node().server().namespaces().release(nsp());
}

void Socket::dispose() noexcept {
  client_ = nullptr;
  is_reachable_ = false;
  sink_ = {};
  state_ = State::disconnected;
  if (!rare_) return;
  // Handles may keep the socket for longer than there is a shard for timers and tasks.
  forget_flow();
  if (auto const tasks = std::move(rare_->until_leave)) tasks->abandon();
  rare_->acks.reset();
}

}}  // namespace aerie::v1
