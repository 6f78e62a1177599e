#include "socketio/client.hpp"

#include "socketio/close_reasons.hpp"
#include "socketio/connect_flow.hpp"
#include "socketio/event_name.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/tracing.hpp"
#include "socketio/version_2.hpp"

#include <aerie/core/holder.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

struct Client::Joining {
  explicit Joining(Client& owner) : client(owner) {}
  void expired() { client.connect_timed_out(); }

  Client& client;
  std::vector<std::unique_ptr<ConnectFlow>> flows;
  bool late = false;  // the client has had its time, and is only waited for because an attempt is under way
  core::Timer timer = core::Timer::calling<&Joining::expired>(this);
};

/// A packet whose other frames are still arriving.
struct Client::Assembly final : core::Holder {
  explicit Assembly(Client& owner) : Holder(owner.node().shard().holders()), client(owner) {}
  void keep(std::unique_ptr<PartialPacket> begun) {
    packet = std::move(begun);
    hold(sizeof *this + (packet ? packet->memory() : 0));
  }
  void expired() { client.assembly_timed_out(); }
  void shed() noexcept override {
    packet.reset();
    client.give_up_soon();
  }

  Client& client;
  std::unique_ptr<PartialPacket> packet;
  core::Timer timer = core::Timer::calling<&Assembly::expired>(this);
};

/// What has arrived and cannot be handled yet.
struct Client::Incoming final : core::Runnable {
  explicit Incoming(Client& owner) : client(owner), charge(owner.node().shard().account(), sizeof *this) {}
  void run() override {
    if (given_up) return client.give_up();
    client.work_off();
  }
  void account_for_waiting() noexcept { charge.resize(sizeof *this + waiting.capacity()); }

  Client& client;
  std::unique_ptr<Assembly> assembly;
  /// Frames in a row, each behind its kind and its size: a payload may have a hundred thousand small ones.
  std::string waiting;
  std::size_t next = 0;
  core::Charge charge;
  bool given_up = false;  // there is no memory to wait for the rest
};

/// What an idle client has none of.
struct Client::Rare {
  std::unique_ptr<Joining> joining;    // until the first namespace is joined, and while one is being joined
  std::unique_ptr<Incoming> incoming;  // while attachments are awaited, or packets have to wait
};

namespace {

constexpr std::string_view invalid_payload = "invalid payload";

}  // namespace

Client::Client(ShardNode& node, engineio::Session& session, ParserIndex parser)
    : node_(node), session_(session), parser_(parser & 15U) {
  node.parsers().client_came(parser);
  node.shard().start(make_joining().timer, node.server().options().connect_timeout);
}

Client::~Client() {
  node_.forget(session_);
  node_.parsers().client_went(parser_index());
  if (auto const* const joining = this->joining()) {
    for (auto const& flow : joining->flows)
      flow->abandon();
  }
  // Only a server that is destroyed with open connections leaves any: their tasks go with them, unfinished.
  for (auto const& socket : sockets_)
    socket->dispose();
}

// --- What one client may ask for

bool Client::is_busy() const noexcept {
  return leaving_ != 0 || under_way_ > node_.server().options().max_pending_messages + owed_;
}

bool Client::must_wait() const noexcept {
  if (under_way_ != 0 && is_busy()) return true;
  auto const* const incoming = this->incoming();
  return incoming != nullptr && (incoming->given_up || !incoming->waiting.empty());
}

void Client::begun() {
  ++under_way_;
  if (is_busy()) session_.pause_reading();
}

void Client::ended() noexcept {
  --under_way_;
  go_on();
}

void Client::forget_handlers_of(Socket const& socket) noexcept {
  if (under_way_ != 0) under_way_ = (under_way_ - node_.handlers_of(socket)) & 0xfff'ffffU;
}

void Client::owes(std::ptrdiff_t more) noexcept {
  owed_ = static_cast<std::uint32_t>(owed_ + more) & 0x7fff'ffffU;
  go_on();
}

void Client::go_on() noexcept {
  if (is_busy()) return;
  if (auto* const incoming = this->incoming(); incoming != nullptr && !incoming->waiting.empty()) {
    if (!incoming->linked()) node_.shard().run_soon(*incoming);
  } else {
    session_.resume_reading();
  }
}

void Client::put_aside(Frame const& frame) {
  auto& incoming = make_incoming();
  auto& waiting = incoming.waiting;
  auto const size = static_cast<std::uint32_t>(frame.data.size());
  waiting.push_back(static_cast<char>(frame.kind));
  waiting.append(reinterpret_cast<char const*>(&size), sizeof size);
  waiting.append(frame.data);
  incoming.account_for_waiting();
}

void Client::work_off() {
  auto const is_open = [this] { return session_.state() == engineio::Session::State::open; };
  // What is being handled may not move: more is put aside behind it, never in it.
  auto batch = std::exchange(incoming()->waiting, {});
  auto at = std::exchange(incoming()->next, 0);
  while (at < batch.size() && is_open() && !is_busy()) {
    Frame frame{static_cast<FrameKind>(batch[at])};
    std::uint32_t size = 0;
    std::memcpy(&size, batch.data() + at + 1, sizeof size);
    frame.data = {batch.data() + at + 1 + sizeof size, size};
    at += 1 + sizeof size + size;
    take(frame);
  }
  if (!is_open()) return;
  if (at < batch.size()) {
    auto& rest = make_incoming();
    if (!rest.waiting.empty()) batch.append(rest.waiting);
    rest.next = at;
    rest.waiting = std::move(batch);
    rest.account_for_waiting();
  } else {
    if (auto* const emptied = incoming()) emptied->account_for_waiting();
    forget_incoming();
    go_on();
  }
}

Client::Joining* Client::joining() const noexcept {
  return rare_ ? rare_->joining.get() : nullptr;
}

Client::Incoming* Client::incoming() const noexcept {
  return rare_ ? rare_->incoming.get() : nullptr;
}

Client::Joining& Client::make_joining() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  if (!rare_->joining) rare_->joining = std::make_unique<Joining>(*this);
  return *rare_->joining;
}

Client::Incoming& Client::make_incoming() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  if (!rare_->incoming) rare_->incoming = std::make_unique<Incoming>(*this);
  return *rare_->incoming;
}

/// REQUIRES: there is any.
template <class T>
void Client::retire_rare(std::unique_ptr<T> Rare::*part) {
  node_.shard().retire(std::move((*rare_).*part));
  if (!rare_->joining && !rare_->incoming) rare_.reset();
}

void Client::forget_incoming() {
  auto const* const incoming = this->incoming();
  if (incoming != nullptr && !incoming->assembly && incoming->waiting.empty()) retire_rare(&Rare::incoming);
}

// --- Packets

Parser const& Client::parser() const noexcept {
  return node_.parsers()[parser_index()];
}

void Client::send(OutgoingPacket const& packet) {
  auto& encoded = node_.scratch_packet();
  if (core::call_user(node_.shard().runtime().log(), parser_code(packet.nsp),
                      [&] { parser().encode(packet, encoded); })) {
    send(encoded, true);
  }
}

void Client::send(EncodedPacket const& packet, bool compress) {
  packet.each([&](Frame const& frame) {
    if (frame.kind == FrameKind::text) {
      session_.send_text(frame.data, compress);
    } else {
      session_.send_binary(frame.data, compress);
    }
  });
}

void Client::on_text(std::string_view text) {
  received({FrameKind::text, text});
}

void Client::on_binary(std::string_view bytes) {
  received({FrameKind::binary, bytes});
}

void Client::received(Frame const& frame) {
  if (must_wait()) [[unlikely]]
    return put_aside(frame);
  take(frame);
}

void Client::take(Frame const& frame) {
  std::unique_ptr<PartialPacket> begun;
  if (auto const* const incoming = this->incoming(); incoming != nullptr && incoming->assembly) [[unlikely]]
    begun = std::move(incoming->assembly->packet);
  IncomingPacket packet;
  // Not by assigning to a variable that says so beforehand: g++ 12 at -O3 leaves that out.
  auto const result = core::ask_user(
      node_.shard().runtime().log(), parser_code({}), ParseResult::malformed("the parser has failed"),
      [&] { return parser().decode(frame, begun, node_.server().parser_limits(), packet); });
  if (result.kind == ParseResult::Kind::incomplete) return keep(std::move(begun));
  forget_assembly();
  if (result.kind == ParseResult::Kind::malformed) return fail(result.why);
  handle(packet);
}

void Client::keep(std::unique_ptr<PartialPacket> packet) {
  auto& assembly = make_incoming().assembly;
  if (!assembly) {
    assembly = std::make_unique<Assembly>(*this);
    node_.shard().start(assembly->timer, node_.server().options().assembly_timeout);
  }
  assembly->keep(std::move(packet));
}

void Client::forget_assembly() {
  auto* const incoming = this->incoming();
  if (incoming == nullptr || !incoming->assembly) return;
  incoming->assembly->timer.cancel();
  incoming->assembly.reset();
  forget_incoming();
}

void Client::handle(IncomingPacket& packet) {
  node_.debug("socket.io:client", to_string(packet.type), " for ", packet.nsp, " has come");
  if (packet.type == PacketType::connect) return on_connect(packet);
  if (packet.type == PacketType::connect_error) return fail(invalid_payload);
  auto* socket = joined(packet.nsp);
  if (socket == nullptr && is_of_v2()) socket = joined(NameWithQuery(packet.nsp).name);
  if (socket == nullptr) {
    return close(DisconnectReason::forced_server_close, "a packet for a namespace that the client is not in");
  }
  if (packet.type == PacketType::event) {
    on_event(*socket, packet);
  } else if (packet.type == PacketType::disconnect) {
    socket->closed(DisconnectReason::client_namespace_disconnect, {});
  } else if (packet.id) {
    socket->received_ack(*packet.id, std::move(packet.payload));
  }
}

void Client::on_event(Socket& socket, IncomingPacket& packet) {
  if (packet.payload.empty()) return;  // an event without a name: nobody can listen to it
  EventName const name(packet.payload);
  if (!name.valid() || is_reserved_event(name.text())) return fail(invalid_payload);
  packet.payload.drop_first();
  auto const receive = [&] { socket.received_event(name.text(), packet.payload, packet.id); };
  auto const watch = node_.watch();
  if (watch == EventWatch::none) return receive();
  if (watch == EventWatch::by_counter) return node_.metrics()->measure_by_counter(receive);
  on_watched_event(socket, name.text(), packet);
}

void Client::on_watched_event(Socket& socket, std::string_view name, IncomingPacket& packet) {
  auto const receive = [&] {
    auto const handle = [&] { socket.received_event(name, packet.payload, packet.id); };
    if (auto* const metrics = node_.metrics()) return metrics->measure(handle);
    handle();
  };
  if (!node_.traces()) return receive();
  core::SpanHold const hold(span_of_event(socket, name));
  SpanScope const scope(node_.shard(), hold.span());
  receive();
}

// --- Namespaces

Socket* Client::joined(std::string_view nsp) const {
  for (auto const& socket : sockets_) {
    if (socket->nsp().name() == nsp) return socket.get();
  }
  return nullptr;
}

bool Client::is_joining(std::string_view nsp) const {
  auto const* const joining = this->joining();
  return joining != nullptr &&
         std::ranges::any_of(joining->flows, [&](auto const& flow) { return flow->name() == nsp; });
}

void Client::on_connect(IncomingPacket const& packet) {
  if (is_of_v2()) {
    NameWithQuery const named(packet.nsp);
    return join(named.name, auth_of(named.query));
  }
  join(packet.nsp, packet.payload.empty() ? std::string() : packet.payload.packed(0));
}

void Client::begin() {
  if (is_of_v2()) join("/", {});
}

core::KeptId Client::id_in(std::string_view nsp) const {
  if (!is_of_v2()) return core::KeptId(node_.new_id().view());
  auto const id = session_.id();
  return nsp == "/" ? core::KeptId(id) : core::KeptId(core::concat(nsp, "#", id));
}

void Client::join(std::string_view nsp, std::string&& auth) {
  if (joined(nsp) != nullptr) {
    return close(DisconnectReason::forced_server_close,
                 "a second CONNECT for a namespace that the client is in");
  }
  // While the middlewares of the first attempt think, a second one changes nothing.
  if (is_joining(nsp)) return;
  auto const& options = node_.server().options();
  auto const in_flight = joining() != nullptr ? joining()->flows.size() : 0;
  if (nsp.size() > options.max_namespace_name)
    return send_refusal(nsp, "Invalid namespace", EntryRefusal::no_namespace);
  if (sockets_.size() + in_flight >= options.max_namespaces_per_client)
    return send_refusal(nsp, "Too many namespaces", EntryRefusal::limit);
  if (kept_auth() + auth.size() > options.max_auth_size)
    return send_refusal(nsp, "Too much auth", EntryRefusal::limit);
  auto& flows = make_joining().flows;
  flows.push_back(std::make_unique<ConnectFlow>(*this, std::string(nsp), std::move(auth)));
  begun();
  flows.back()->start();
}

std::size_t Client::kept_auth() const noexcept {
  std::size_t kept = 0;
  for (auto const& socket : sockets_)
    kept += socket->handshake().auth_size();
  if (auto const* const joining = this->joining()) {
    for (auto const& flow : joining->flows)
      kept += flow->auth_size();
  }
  return kept;
}

void Client::connected(ConnectFlow& flow, std::shared_ptr<Socket> socket, ClaimedSession const& claimed) {
  auto& connected = *socket;
  sockets_.push_back(std::move(socket));
  node_.hold(connected.handshake().auth_size() + connected.id_.memory());
  drop(flow);
  try {
    connected.connect(claimed);
  } catch (...) {
    // It has not come so far as to be told of its end.
    if (!connected.connected()) {
      connected.abandoned();
      left(connected);
    }
    throw;
  }
}

void Client::refused(ConnectFlow& flow, std::string_view nsp, Refusal const& refusal, bool entered) {
  node_.debug("socket.io:namespace", "a socket is refused in ", nsp, ": ", refusal.message);
  if (entered && is_of_v2()) {
    send_error_of_v2(nsp, refusal);
  } else {
    send({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(refusal)});
  }
  drop(flow);
}

void Client::send_refusal(std::string_view nsp, std::string_view message, EntryRefusal why) {
  node_.counts().count(why);
  Refusal const refusal{message};
  send({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(refusal)});
}

/// Clients of Socket.IO 2 are told the error's data, or its message if it has none.
void Client::send_error_of_v2(std::string_view nsp, Refusal const& refusal) {
  auto const has_data = refusal.data != nullptr && is_true(*refusal.data);
  auto const error = has_data ? EncodableRef(*refusal.data) : EncodableRef(refusal.message);
  send({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(error)});
}

void Client::drop(ConnectFlow& flow) {
  auto& flows = joining()->flows;
  auto const found = std::ranges::find_if(flows, [&](auto const& other) { return other.get() == &flow; });
  if (found == flows.end()) return;
  node_.shard().retire(std::move(*found));
  flows.erase(found);
  ended();
  if (!flows.empty()) return;
  if (sockets_.empty()) {
    if (joining()->late) session_.close();
    return;
  }
  // Nothing more to wait for: an idle client keeps none of this.
  retire_rare(&Rare::joining);
}

void Client::left(Socket& socket) {
  auto const found =
      std::ranges::find_if(sockets_, [&](auto const& other) { return other.get() == &socket; });
  if (found == sockets_.end()) return;
  node_.release(socket.handshake().auth_size() + socket.id_.memory());
  if (session_.state() == engineio::Session::State::open) {
    forget_handlers_of(socket);
    go_on();
  }
  // Its handlers may be running.
  node_.shard().retire(std::move(*found));
  sockets_.erase(found);
}

void Client::on_reroute() {
  for (auto const& socket : sockets_)
    socket->adapter_->rerouted(*socket);
}

// --- Ends

void Client::connect_timed_out() {
  // An attempt that is still under way has a deadline of its own.
  if (joining() == nullptr || !sockets_.empty()) return;
  joining()->late = true;
  if (joining()->flows.empty()) session_.close();
}

void Client::assembly_timed_out() {
  fail("Illegal attachments");
}

void Client::give_up_soon() noexcept {
  incoming()->given_up = true;
  node_.shard().run_soon(*incoming());
}

void Client::give_up() {
  close(DisconnectReason::transport_error,
        "the server has too little memory to wait for the rest of a message");
}

void Client::fail(std::string_view why) {
  for (auto const& socket : sockets_.copy())
    socket->failed(why);
  close(DisconnectReason::forced_close, why);
}

void Client::close(DisconnectReason reason, std::string_view description) {
  close_sockets(reason, description);
  session_.close();
}

void Client::close_sockets(DisconnectReason reason, std::string_view description) {
  // Each leaves the list, unless it is leaving already; and its handlers may close others.
  for (std::size_t i = 0; i < sockets_.size();) {
    auto* const socket = sockets_[i].get();
    socket->closed(reason, description);
    if (i < sockets_.size() && sockets_[i].get() == socket) ++i;
  }
}

void Client::disconnect() {
  for (auto const& socket : sockets_.copy())
    socket->disconnect();
  session_.close();
}

void Client::end_what_waits() {
  if (is_leaving()) return;
  leaving_ = 1;
  abandon_flows();
  for (auto const& socket : sockets_.copy())
    socket->end_what_waits();
  session_.end_waiting();
  if (under_way_ > 0) session_.pause_reading();
}

bool Client::on_shut_down() {
  end_what_waits();
  if (under_way_ > 0) return false;
  close_sockets(DisconnectReason::server_shutting_down, {});
  return true;
}

void Client::abandon_flows() {
  auto* const joining = this->joining();
  if (joining == nullptr) return;
  joining->timer.cancel();
  for (auto& flow : std::exchange(joining->flows, {})) {
    flow->abandon();
    node_.shard().retire(std::move(flow));
    --under_way_;
  }
}

void Client::on_close(engineio::CloseReason reason) {
  abandon_flows();
  if (incoming() != nullptr) retire_rare(&Rare::incoming);
  close_sockets(reason_of(reason), description_of(reason));
}

Client* client_of(Socket const& socket) noexcept {
  return socket.client_;
}

}}}  // namespace aerie::v1::socketio
