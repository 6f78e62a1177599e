#include "socketio/client.hpp"

#include "socketio/connect_flow.hpp"
#include "socketio/event_name.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/holder.hpp>
#include <aerie/schema/json.hpp>
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

/// A binary packet whose attachments are still arriving.
struct Client::Assembly final : core::Holder {
  Assembly(Client& owner, std::string_view packet, std::size_t count)
      : Holder(owner.node().shard().holders()), client(owner), text(packet), missing(count) {
    hold(sizeof *this + text.capacity());
  }
  void add(std::string_view attachment) {
    bytes += attachment.size();
    attachments.emplace_back(attachment);
    hold(sizeof *this + text.capacity() + bytes + attachments.capacity() * sizeof(Bytes));
  }
  void expired() { client.assembly_timed_out(); }
  void shed() noexcept override {
    attachments = {};
    client.give_up_soon();
  }

  Client& client;
  std::string text;
  std::size_t missing;
  std::size_t bytes = 0;
  std::vector<Bytes> attachments;
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
  /// Packets in a row, each behind its kind and its size: a payload may have a hundred thousand small ones.
  std::string waiting;
  std::size_t next = 0;
  core::Charge charge;
  bool given_up = false;  // there is no memory to wait for the rest
};

namespace {

/// How many times the largest message the attachments of one packet may be together.
constexpr std::size_t attachments_factor = 4;

DisconnectReason reason_of(engineio::CloseReason reason) noexcept {
  switch (reason) {
    case engineio::CloseReason::transport_close:
      return DisconnectReason::transport_close;
    case engineio::CloseReason::transport_error:
      return DisconnectReason::transport_error;
    case engineio::CloseReason::ping_timeout:
      return DisconnectReason::ping_timeout;
    case engineio::CloseReason::parse_error:
      return DisconnectReason::parse_error;
    case engineio::CloseReason::forced_close:
      return DisconnectReason::forced_close;
  }
  return DisconnectReason::transport_close;
}

std::string_view description_of(engineio::CloseReason reason) noexcept {
  switch (reason) {
    case engineio::CloseReason::transport_error:
      return "the connection has broken a rule of its transport, or has not taken what it was sent";
    case engineio::CloseReason::ping_timeout:
      return "the client has not answered a ping in time";
    case engineio::CloseReason::parse_error:
      return "the client has sent what is no packet";
    case engineio::CloseReason::transport_close:
    case engineio::CloseReason::forced_close:
      break;
  }
  return {};
}

}  // namespace

Client::Client(ShardNode& node, engineio::Session& session)
    : node_(node), session_(session), joining_(std::make_unique<Joining>(*this)) {
  node.shard().start(joining_->timer, node.server().options().connect_timeout);
}

Client::~Client() {
  if (joining_) {
    for (auto const& flow : joining_->flows)
      flow->abandon();
  }
  // Only a server that is destroyed with open connections leaves any: their tasks go with them, unfinished.
  for (auto const& socket : sockets_)
    socket->dispose();
}

// --- What one client may ask for

bool Client::is_busy() const noexcept {
  return under_way_ > node_.server().options().max_pending_messages + owed_;
}

bool Client::must_wait() const noexcept {
  return (under_way_ != 0 && is_busy()) ||
         (incoming_ && (incoming_->given_up || !incoming_->waiting.empty()));
}

void Client::begun() {
  ++under_way_;
  if (is_busy()) session_.pause_reading();
}

void Client::ended() noexcept {
  --under_way_;
  go_on();
}

void Client::owes(std::ptrdiff_t more) noexcept {
  owed_ = static_cast<std::uint32_t>(owed_ + more);
  go_on();
}

void Client::go_on() noexcept {
  if (is_busy()) return;
  if (incoming_ && !incoming_->waiting.empty()) {
    if (!incoming_->linked()) node_.shard().run_soon(*incoming_);
  } else {
    session_.resume_reading();
  }
}

void Client::put_aside(bool binary, std::string_view packet) {
  auto& waiting = incoming().waiting;
  auto const size = static_cast<std::uint32_t>(packet.size());
  waiting.push_back(binary ? 'b' : 't');
  waiting.append(reinterpret_cast<char const*>(&size), sizeof size);
  waiting.append(packet);
  incoming_->account_for_waiting();
}

void Client::work_off() {
  auto const is_open = [this] { return session_.state() == engineio::Session::State::open; };
  // What is being handled may not move: more is put aside behind it, never in it.
  auto batch = std::exchange(incoming_->waiting, {});
  auto at = std::exchange(incoming_->next, 0);
  while (at < batch.size() && is_open() && !is_busy()) {
    auto const binary = batch[at] == 'b';
    std::uint32_t size = 0;
    std::memcpy(&size, batch.data() + at + 1, sizeof size);
    std::string_view const packet(batch.data() + at + 1 + sizeof size, size);
    at += 1 + sizeof size + size;
    if (binary) {
      take_binary(packet);
    } else {
      take_text(packet);
    }
  }
  if (!is_open()) return;
  if (at < batch.size()) {
    auto& rest = incoming();
    if (!rest.waiting.empty()) batch.append(rest.waiting);
    rest.next = at;
    rest.waiting = std::move(batch);
    rest.account_for_waiting();
  } else {
    if (incoming_) incoming_->account_for_waiting();
    forget_incoming();
    go_on();
  }
}

Client::Incoming& Client::incoming() {
  if (!incoming_) incoming_ = std::make_unique<Incoming>(*this);
  return *incoming_;
}

void Client::forget_incoming() {
  if (incoming_ && !incoming_->assembly && incoming_->waiting.empty()) {
    node_.shard().retire(std::move(incoming_));
  }
}

// --- Packets

void Client::on_text(std::string_view text) {
  if (must_wait()) [[unlikely]]
    return put_aside(false, text);
  take_text(text);
}

void Client::on_binary(std::string_view bytes) {
  if (must_wait()) [[unlikely]]
    return put_aside(true, bytes);
  take_binary(bytes);
}

void Client::take_text(std::string_view text) {
  if (incoming_ && incoming_->assembly) return fail(PacketError::text_while_assembling);
  PacketHead head;
  auto const& options = node_.server().options();
  if (auto const error = parse_packet(text, head, options.max_attachments); error != PacketError::none) {
    return fail(error);
  }
  if (!head.is_binary()) return handle(head, {});
  begin_assembly(text, head.attachments);
}

void Client::begin_assembly(std::string_view text, std::size_t attachments) {
  auto& assembly = incoming().assembly;
  assembly = std::make_unique<Assembly>(*this, text, attachments);
  node_.shard().start(assembly->timer, node_.server().options().assembly_timeout);
}

void Client::take_binary(std::string_view bytes) {
  if (!incoming_ || !incoming_->assembly) return fail(PacketError::binary_out_of_place);
  auto& assembly = *incoming_->assembly;
  if (assembly.bytes + bytes.size() >
      attachments_factor * node_.server().options().engine.max_http_buffer_size) {
    return fail(PacketError::attachments_too_large);
  }
  assembly.add(bytes);
  if (--assembly.missing > 0) return;
  auto const whole = std::move(incoming_->assembly);
  forget_incoming();
  whole->timer.cancel();
  PacketHead head;
  // It was parsed before: only the views into the text have to be made again.
  static_cast<void>(parse_packet(whole->text, head, node_.server().options().max_attachments));
  handle(head, whole->attachments);
}

void Client::handle(PacketHead const& head, std::span<Bytes const> attachments) {
  if (head.type == PacketType::connect) return on_connect(head);
  if (head.type == PacketType::connect_error) return fail(PacketError::invalid_payload);
  auto* const socket = joined(head.nsp);
  if (socket == nullptr) {
    return close(DisconnectReason::forced_server_close, "a packet for a namespace that the client is not in");
  }
  if (head.is_event()) {
    on_event(*socket, head, attachments);
  } else if (head.is_ack()) {
    on_ack(*socket, head, attachments);
  } else if (head.payload.empty()) {
    socket->closed(DisconnectReason::client_namespace_disconnect, {});
  } else {
    fail(PacketError::invalid_payload);
  }
}

bool Client::scan(PacketHead const& head, std::span<Bytes const> attachments, json::ElementList& elements) {
  // JSON behind the id, not white space: the official parser would take "2 [...]" for an id of 0.
  auto const starts_well = !head.payload.empty() && head.payload.front() == '[';
  auto const count = head.is_binary() ? std::optional(attachments.size()) : std::nullopt;
  auto const error =
      starts_well ? json::scan_array(head.payload, elements, count, node_.server().options().max_json_depth)
                  : json::ScanError::not_an_array;
  if (error == json::ScanError::none) return true;
  fail(error == json::ScanError::illegal_attachment ? PacketError::illegal_placeholder
                                                    : PacketError::invalid_payload);
  return false;
}

void Client::on_event(Socket& socket, PacketHead const& head, std::span<Bytes const> attachments) {
  if (head.payload.empty() && !head.is_binary()) return;  // an event without a name: nobody can listen to it
  json::ElementList elements;
  if (!scan(head, attachments, elements)) return;
  EventName const name(elements);
  if (!name.valid() || is_reserved_event(name.text())) return fail(PacketError::invalid_payload);
  socket.received_event(name.text(), Args(elements, 1, attachments), head.id);
}

void Client::on_ack(Socket& socket, PacketHead const& head, std::span<Bytes const> attachments) {
  json::ElementList elements;
  if (!scan(head, attachments, elements)) return;
  if (head.id) socket.received_ack(*head.id, Args(elements, 0, attachments));
}

// --- Namespaces

Socket* Client::joined(std::string_view nsp) const {
  for (auto const& socket : sockets_) {
    if (socket->nsp().name() == nsp) return socket.get();
  }
  return nullptr;
}

bool Client::is_joining(std::string_view nsp) const {
  return joining_ &&
         std::ranges::any_of(joining_->flows, [&](auto const& flow) { return flow->name() == nsp; });
}

void Client::on_connect(PacketHead const& head) {
  if (!head.payload.empty() &&
      (head.payload.front() != '{' || json::validate(head.payload) != json::ScanError::none)) {
    return fail(PacketError::invalid_payload);
  }
  if (joined(head.nsp) != nullptr) {
    return close(DisconnectReason::forced_server_close,
                 "a second CONNECT for a namespace that the client is in");
  }
  // While the middlewares of the first attempt think, a second one changes nothing.
  if (is_joining(head.nsp)) return;
  auto const& options = node_.server().options();
  auto const in_flight = joining_ ? joining_->flows.size() : 0;
  if (head.nsp.size() > options.max_namespace_name) return send_refusal(head.nsp, "Invalid namespace", {});
  if (sockets_.size() + in_flight >= options.max_namespaces_per_client) {
    return send_refusal(head.nsp, "Too many namespaces", {});
  }
  if (kept_auth() + head.payload.size() > options.max_auth_size) {
    return send_refusal(head.nsp, "Too much auth", {});
  }
  if (!joining_) joining_ = std::make_unique<Joining>(*this);
  joining_->flows.push_back(
      std::make_unique<ConnectFlow>(*this, std::string(head.nsp), std::string(head.payload)));
  begun();
  joining_->flows.back()->start();
}

std::size_t Client::kept_auth() const noexcept {
  std::size_t kept = 0;
  for (auto const& socket : sockets_)
    kept += socket->handshake().auth_size();
  if (!joining_) return kept;
  for (auto const& flow : joining_->flows)
    kept += flow->auth_size();
  return kept;
}

void Client::connected(ConnectFlow& flow, std::shared_ptr<Socket> socket) {
  auto& connected = *socket;
  node_.hold(connected.handshake().auth_size());
  sockets_.push_back(std::move(socket));
  drop(flow);
  connected.connect();
}

void Client::refused(ConnectFlow& flow, std::string_view nsp, std::string_view message,
                     std::string_view json_data) {
  send_refusal(nsp, message, json_data);
  drop(flow);
}

void Client::send_refusal(std::string_view nsp, std::string_view message, std::string_view json_data) {
  std::string json = "{\"message\":";
  json::Writer(json).string(message);
  if (!json_data.empty()) {
    json += ",\"data\":";
    json += json_data;
  }
  json.push_back('}');
  session_.send_text(encode_control(PacketType::connect_error, nsp, json));
}

void Client::drop(ConnectFlow& flow) {
  auto const found =
      std::ranges::find_if(joining_->flows, [&](auto const& other) { return other.get() == &flow; });
  if (found == joining_->flows.end()) return;
  node_.shard().retire(std::move(*found));
  joining_->flows.erase(found);
  ended();
  if (joining_->flows.empty() && sockets_.empty() && joining_->late) return session_.close();
  // Nothing more to wait for: an idle client keeps none of this.
  if (joining_->flows.empty() && !sockets_.empty()) node_.shard().retire(std::move(joining_));
}

void Client::left(Socket& socket) {
  auto const found =
      std::ranges::find_if(sockets_, [&](auto const& other) { return other.get() == &socket; });
  if (found == sockets_.end()) return;
  node_.release(socket.handshake().auth_size());
  // Its handlers may be running.
  node_.shard().retire(std::move(*found));
  sockets_.erase(found);
}

void Client::on_upgrade() {
  for (auto const& socket : sockets_)
    socket->adapter_->reroute(*socket, session_.frame_stream());
}

// --- Ends

void Client::connect_timed_out() {
  // An attempt that is still under way has a deadline of its own.
  if (!joining_ || !sockets_.empty()) return;
  joining_->late = true;
  if (joining_->flows.empty()) session_.close();
}

void Client::assembly_timed_out() {
  fail(PacketError::illegal_attachments);
}

void Client::give_up_soon() noexcept {
  incoming_->given_up = true;
  node_.shard().run_soon(*incoming_);
}

void Client::give_up() {
  close(DisconnectReason::transport_error,
        "the server has too little memory to wait for the rest of a message");
}

void Client::fail(PacketError error) {
  for (auto const& socket : std::vector(sockets_))
    socket->failed(to_string(error));
  close(DisconnectReason::forced_close, to_string(error));
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
  for (auto const& socket : std::vector(sockets_))
    socket->disconnect();
  session_.close();
}

void Client::shut_down() {
  close_sockets(DisconnectReason::server_shutting_down, {});
}

void Client::on_close(engineio::CloseReason reason) {
  if (joining_) {
    joining_->timer.cancel();
    for (auto& flow : std::exchange(joining_->flows, {})) {
      flow->abandon();
      node_.shard().retire(std::move(flow));
    }
  }
  node_.shard().retire(std::move(incoming_));
  close_sockets(reason_of(reason), description_of(reason));
}

Client* client_of(Socket const& socket) noexcept {
  return socket.client_;
}

}}}  // namespace aerie::v1::socketio
