#include "socketio/client.hpp"

#include "socketio/client_parts.hpp"
#include "socketio/close_reasons.hpp"
#include "socketio/connect_flow.hpp"
#include "socketio/event_name.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/tracing.hpp"
#include "socketio/version_2.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/socketio/socket.hpp>

#include <cstring>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

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
