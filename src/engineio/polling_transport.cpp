#include "engineio/polling_transport.hpp"

#include "engineio/shard_engine.hpp"

#include <aerie/core/equals.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/engineio/packet_v3.hpp>
#include <aerie/engineio/session.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

constexpr std::string_view text_headers =
    "Content-Type: text/plain; charset=UTF-8\r\nCache-Control: no-store\r\n";
constexpr std::string_view binary_type = "application/octet-stream";
constexpr std::string_view binary_headers =
    "Content-Type: application/octet-stream\r\nCache-Control: no-store\r\n";

/// Old versions of Internet Explorer take a payload for a page, find scripts in it and change it.
void keep_off_filters(std::string& headers, http::RequestHead const& request) {
  auto const agent = request.header("user-agent");
  if (agent.find(";MSIE") == agent.npos && agent.find("Trident/") == agent.npos) return;
  headers += "X-XSS-Protection: 0\r\n";
}

}  // namespace

class PollingTransport::Behind final : public core::Holder {
 public:
  explicit Behind(PollingTransport& transport)
      : Holder(transport.engine_.shard().holders()), transport_(transport) {}

  core::Backlog const& backlog() const noexcept { return backlog_; }
  /// False if the client is too slow.
  bool end_turn(std::size_t fresh) noexcept {
    auto const held = transport_.waiting_bytes_;
    auto const in_time = backlog_.end_turn(fresh, held, transport_.engine_.options().outgoing_limit);
    hold(held);
    return in_time;
  }
  void shed() noexcept override {
    auto& transport = transport_;
    transport.shed_ = true;
    transport.engine_.shard().at_turn_end(transport);
    transport.overflow();
  }

 private:
  PollingTransport& transport_;
  core::Backlog backlog_;
};

PollingTransport::PollingTransport(ShardEngine& engine, Session& session)
    : engine_(engine), session_(session) {}

PollingTransport::~PollingTransport() {
  discard();
}

void PollingTransport::send(PacketType type, std::string_view data, bool compress) {
  queue({type, false, compress, std::string(data)});
}

void PollingTransport::send_binary(std::string_view bytes, bool compress) {
  queue({PacketType::message, true, compress, std::string(bytes)});
}

void PollingTransport::queue(OutgoingPacket packet) {
  if (finishing_) return;
  engine_.shard().at_turn_end(*this);
  if (overflowed_) return;
  put(std::move(packet));
  // With a poll pending all of it goes out at the end of this turn, however much it is.
  if (!poll_pending() && !admits_what_was_written()) overflow();
}

void PollingTransport::put(OutgoingPacket packet) {
  auto bytes = packet.memory();
  if (auto const room = waiting_.capacity(); waiting_.size() == room) {
    // Not twice as much: what is not used counts for the client as well.
    waiting_.reserve(room + std::max<std::size_t>(4, room / 8));
    bytes += (waiting_.capacity() - room) * sizeof(OutgoingPacket);
  }
  waiting_.push_back(std::move(packet));
  waiting_bytes_ += bytes;
  fresh_ += bytes;
}

bool PollingTransport::admits_what_was_written() const noexcept {
  return !behind_ || behind_->backlog().admits(fresh_, engine_.options().outgoing_limit);
}

/// A slow consumer, as one that does not read is. It is closed when nobody is in the middle of sending any
/// more.
void PollingTransport::overflow() {
  overflowed_ = true;
  drop_unsent();
}

void PollingTransport::on_turn_end() {
  if (!overflowed_ && poll_pending() && !waiting_.empty()) flush();
  auto const fresh = std::exchange(fresh_, 0);
  if (!overflowed_ && !waiting_.empty()) {
    if (!behind_) behind_ = std::make_unique<Behind>(*this);
    if (!behind_->end_turn(fresh)) overflow();
  }
  if (!overflowed_) return;
  engine_.report_slow_consumer(session_, shed_);
  session_.transport_failed(*this, CloseReason::transport_error);
}

bool PollingTransport::is_waiting(PacketType type) const noexcept {
  return std::ranges::any_of(waiting_, [type](auto const& packet) { return packet.type == type; });
}

void PollingTransport::flush() {
  session_.flushing();
  if (!poll_pending()) return;  // Whoever was told has ended the session.
  auto const packets = take_waiting();
  auto const compress = std::ranges::any_of(packets, &OutgoingPacket::compress);
  answer(encode_payload(packets, session_.dialect()), compress);
}

void PollingTransport::answer(Payload payload, bool compress) {
  auto exchange = std::exchange(poll_.exchange, {});
  auto headers = std::move(poll_.headers);
  headers.append(payload.binary ? binary_headers : text_headers);
  keep_off_filters(headers, exchange.head());
  wrap(payload.bytes);
  if (compress) engine_.compress(exchange.head(), payload.bytes, headers);
  exchange.respond(200, headers, payload.bytes);
}

void PollingTransport::release() {
  if (!poll_pending()) return;
  OutgoingPacket const noop[] = {{PacketType::noop, false, false, {}}};
  answer(encode_payload(noop, session_.dialect()), false);
}

std::vector<OutgoingPacket> PollingTransport::take_waiting() noexcept {
  waiting_bytes_ = 0;
  behind_.reset();
  fresh_ = 0;
  return std::exchange(waiting_, {});
}

bool PollingTransport::finish(bool by_client) {
  drop_post();
  if (by_client) {
    release();
    return true;
  }
  if (finishing_) return true;
  finishing_ = true;
  if (!poll_pending()) return false;
  // Clients handle a close packet before the messages that came in the same payload: it gets one of its own.
  auto const has_more = !waiting_.empty();
  if (!has_more) put({PacketType::close, false, false, {}});
  flush();
  return !has_more;
}

void PollingTransport::discard() noexcept {
  drop_post();
  drop_unsent();
  std::exchange(poll_.exchange, {}).drop();
}

void PollingTransport::drop_post() noexcept {
  std::exchange(post_.exchange, {}).drop();
}

void PollingTransport::answer_handshake(http::Exchange& exchange, std::string headers) {
  take_poll(exchange, std::move(headers));
  flush();
}

void PollingTransport::on_request(http::Exchange& exchange, std::string headers) {
  auto const method = exchange.head().method();
  if (core::equals(method, "GET")) {
    on_poll(exchange, std::move(headers));
  } else if (core::equals(method, "POST")) {
    on_post(exchange, std::move(headers));
  } else {
    exchange.respond(500, headers, "");
  }
}

void PollingTransport::refuse(http::Exchange& exchange, int status, std::string const& headers) {
  exchange.respond(status, headers, "");
}

void PollingTransport::take_poll(http::Exchange& exchange, std::string headers) {
  poll_.exchange = exchange;
  poll_.headers = std::move(headers);
  exchange.hold(poll_);
}

void PollingTransport::on_poll(http::Exchange& exchange, std::string headers) {
  if (poll_pending()) {
    refuse(exchange, 400, headers);
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  take_poll(exchange, std::move(headers));
  if (finishing_) {
    if (!waiting_.empty()) {
      flush();
      return;
    }
    put({PacketType::noop, false, false, {}});
    put({PacketType::close, false, false, {}});
    flush();
    session_.transport_failed(*this, CloseReason::forced_close);
    return;
  }
  session_.polled();
  if (poll_pending() && !waiting_.empty()) engine_.shard().at_turn_end(*this);
}

void PollingTransport::on_post(http::Exchange& exchange, std::string headers) {
  if (post_.exchange) {
    refuse(exchange, 400, headers);
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  if (session_.protocol() == Protocol::v4 && exchange.head().header("content-type") == binary_type) {
    refuse(exchange, 400, headers);
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  post_.exchange = exchange;
  post_.headers = std::move(headers);
  exchange.read_body(post_, engine_.options().max_http_buffer_size);
}

void PollingTransport::Pending::on_body(http::Exchange& body_of, std::string_view body) {
  // No longer "under way": what ends the session while its packets are handled must not cut off the answer,
  // which is the same whatever the body holds. A client that has sent nonsense learns it from its next poll.
  exchange = {};
  auto const binary =
      transport.session_.protocol() == Protocol::v3 && body_of.head().header("content-type") == binary_type;
  transport.receive(body, binary);
  if (transport.paused_ && transport.session_.state() == Session::State::open) {
    exchange = body_of;
    transport.post_is_handled_ = true;
    return;
  }
  transport.answer_post(body_of);
}

void PollingTransport::answer_post(http::Exchange& exchange) {
  auto& headers = post_.headers;
  headers.append("Content-Type: text/html\r\nCache-Control: no-store\r\n");
  keep_off_filters(headers, exchange.head());
  exchange.respond(200, headers, "ok");
}

void PollingTransport::resume_reading() {
  paused_ = false;
  // One whose body has not been read yet is answered when that has been.
  if (post_.exchange && std::exchange(post_is_handled_, false)) {
    auto exchange = std::exchange(post_.exchange, {});
    answer_post(exchange);
  }
}

void PollingTransport::Pending::on_body_too_large(http::Exchange& body_of) {
  body_of.respond(413, headers, "");
}

void PollingTransport::Pending::on_aborted(http::Exchange&) {
  transport.session_.transport_failed(transport, CloseReason::transport_error);
}

void PollingTransport::receive(std::string_view body, bool binary) {
  using Form = protocol3::PayloadDecoder::Form;
  if (binary) return receive_all(protocol3::PayloadDecoder(body, Form::binary));
  if (!utf8::is_valid(body)) return session_.transport_failed(*this, CloseReason::parse_error);
  if (session_.protocol() == Protocol::v4) return receive_all(PayloadDecoder(body));
  receive_all(protocol3::PayloadDecoder(body, Form::text));
}

template <class Decoder>
void PollingTransport::receive_all(Decoder decoder) {
  using Result = PayloadDecoder::Result;
  Packet packet;
  for (auto result = decoder.next(packet); result != Result::end; result = decoder.next(packet)) {
    if (result == Result::malformed) return session_.transport_failed(*this, CloseReason::parse_error);
    session_.received(packet);
    if (session_.state() != Session::State::open) return;
  }
}

}}}  // namespace aerie::v1::engineio
