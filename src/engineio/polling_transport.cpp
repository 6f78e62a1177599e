#include "engineio/polling_transport.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/engineio/session.hpp>
#include <utility>

#include "engineio/shard_engine.hpp"

namespace aerie::inline v1::engineio {

namespace {

constexpr std::string_view payload_headers =
    "Content-Type: text/plain; charset=UTF-8\r\nCache-Control: no-store\r\n";

}  // namespace

PollingTransport::PollingTransport(ShardEngine& engine, Session& session) : engine_(engine), session_(session) {}

PollingTransport::~PollingTransport() { discard(); }

void PollingTransport::send(PacketType type, std::string_view data, bool compress) {
  queue({type, false, compress, std::string(data)});
}

void PollingTransport::send_binary(std::string_view bytes, bool compress) {
  queue({PacketType::message, true, compress, std::string(bytes)});
}

void PollingTransport::queue(OutgoingPacket packet) {
  if (finishing_) return;
  auto const size = packet.data.size();
  if (!waiting_.empty() && waiting_bytes_ + size > engine_.options().outgoing_limit) {
    // The client has not polled while all this was sent to it: a slow consumer, as one that does not read is. It is
    // closed when nobody is in the middle of sending any more.
    overflowed_ = true;
    waiting_.clear();
    engine_.shard().at_turn_end(*this);
  }
  if (overflowed_) return;
  waiting_bytes_ += size;
  waiting_.push_back(std::move(packet));
  if (poll_pending()) engine_.shard().at_turn_end(*this);
}

void PollingTransport::on_turn_end() {
  if (overflowed_) {
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  if (poll_pending() && !waiting_.empty()) flush();
}

void PollingTransport::flush() {
  std::string payload;
  bool compress = false;
  for (auto const& packet : std::exchange(waiting_, {})) {
    compress = compress || packet.compress;
    if (packet.binary) {
      append_binary(payload, packet.data);
    } else {
      append_packet(payload, packet.type, packet.data);
    }
  }
  waiting_bytes_ = 0;
  answer(std::move(payload), compress);
}

void PollingTransport::answer(std::string payload, bool compress) {
  auto& exchange = *std::exchange(poll_.exchange, nullptr);
  auto headers = std::move(poll_.headers);
  headers.append(payload_headers);
  if (compress) engine_.compress(exchange.head(), payload, headers);
  exchange.respond(200, headers, payload);
}

void PollingTransport::release_poll() {
  if (poll_pending()) answer("6", false);
}

bool PollingTransport::finish(bool by_client) {
  drop_post();
  if (poll_pending()) {
    if (by_client) {
      release_poll();
    } else {
      send(PacketType::close, {}, false);
      flush();
    }
    return true;
  }
  if (by_client || finishing_) return true;
  finishing_ = true;
  return false;
}

void PollingTransport::discard() noexcept {
  drop_post();
  waiting_.clear();
  if (auto* const exchange = std::exchange(poll_.exchange, nullptr)) exchange->drop();
}

void PollingTransport::drop_post() noexcept {
  if (auto* const exchange = std::exchange(post_.exchange, nullptr)) exchange->drop();
}

void PollingTransport::on_request(http::Exchange& exchange, std::string headers) {
  if (exchange.head().method() == "GET") {
    on_poll(exchange, std::move(headers));
  } else if (exchange.head().method() == "POST") {
    on_post(exchange, std::move(headers));
  } else {
    exchange.respond(500, headers, "");
  }
}

void PollingTransport::refuse(http::Exchange& exchange, int status, std::string const& headers) {
  exchange.respond(status, headers, "");
}

void PollingTransport::on_poll(http::Exchange& exchange, std::string headers) {
  if (poll_pending()) {
    refuse(exchange, 400, headers);
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  poll_.exchange = &exchange;
  poll_.headers = std::move(headers);
  exchange.hold(poll_);
  if (finishing_) {
    // What was left, or a noop in its place, and the close packet behind it.
    if (waiting_.empty()) waiting_.push_back({PacketType::noop, false, false, {}});
    waiting_.push_back({PacketType::close, false, false, {}});
    flush();
    session_.transport_failed(*this, CloseReason::forced_close);
    return;
  }
  session_.polled();
  if (poll_pending() && !waiting_.empty()) engine_.shard().at_turn_end(*this);
}

void PollingTransport::on_post(http::Exchange& exchange, std::string headers) {
  if (post_.exchange != nullptr) {
    refuse(exchange, 400, headers);
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  if (exchange.head().header("content-type") == "application/octet-stream") {
    refuse(exchange, 400, headers);
    session_.transport_failed(*this, CloseReason::transport_error);
    return;
  }
  post_.exchange = &exchange;
  post_.headers = std::move(headers);
  exchange.read_body(post_, engine_.options().max_http_buffer_size);
}

void PollingTransport::Pending::on_body(http::Exchange& body_of, std::string_view body) {
  // No longer "under way": what ends the session while its packets are handled must not cut off the answer, which is
  // the same whatever the body holds. A client that has sent nonsense learns it from its next poll.
  exchange = nullptr;
  transport.on_payload(body);
  headers.append("Content-Type: text/html\r\nCache-Control: no-store\r\n");
  body_of.respond(200, headers, "ok");
}

void PollingTransport::Pending::on_body_too_large(http::Exchange& body_of) {
  exchange = nullptr;
  body_of.respond(413, headers, "");
}

void PollingTransport::Pending::on_aborted(http::Exchange&) {
  exchange = nullptr;
  transport.session_.transport_failed(transport, CloseReason::transport_error);
}

void PollingTransport::on_payload(std::string_view body) {
  if (!utf8::is_valid(body)) {
    session_.transport_failed(*this, CloseReason::parse_error);
    return;
  }
  PayloadDecoder decoder(body);
  Packet packet;
  for (auto result = decoder.next(packet); result != PayloadDecoder::Result::end; result = decoder.next(packet)) {
    if (result == PayloadDecoder::Result::malformed) {
      session_.transport_failed(*this, CloseReason::parse_error);
      return;
    }
    session_.received(packet);
    if (session_.state() != Session::State::open) return;
  }
}

}  // namespace aerie::inline v1::engineio
