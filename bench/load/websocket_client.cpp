#include "load/websocket_client.hpp"

#include "load/msgpack_packets.hpp"
#include "load/websocket_frames.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

namespace load {

Endpoint browser_endpoint(Address const& server, bool msgpack, Dialect const& dialect) {
  auto const host = "127.0.0.1:" + std::to_string(server.port);
  Endpoint endpoint{.server = server, .dialect = &dialect};
  endpoint.request = "GET " + std::string(dialect.path) + " HTTP/1.1\r\nHost: " + host +
                     "\r\nConnection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
                     "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                     "Chrome/140.0.0.0 Safari/537.36\r\nUpgrade: websocket\r\nOrigin: http://" +
                     host +
                     "\r\nSec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
                     "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\nCookie: session=" +
                     std::string(145, 'c') +
                     "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";
  std::string const token(300, 't');
  endpoint.join = msgpack ? binary_frame(msgpack_connect(token)) : text_frame(dialect.connect(token));
  return endpoint;
}

void WebSocketClient::open(int receive_buffer) {
  partial_.clear();
  inflater_.reset();
  state_ = State::connecting;
  socket_.connect(loop_, endpoint_.server, *this, receive_buffer);
}

void WebSocketClient::upgrade(std::string_view session) {
  session_ = session;
  open();
}

void WebSocketClient::finish_upgrade() {
  state_ = State::ready;
  socket_.send(text_frame("5"));
}

void WebSocketClient::send_request() {
  if (session_.empty()) return socket_.send(endpoint_.request);
  auto text = endpoint_.request;
  socket_.send(text.insert(text.find(" HTTP/1.1"), "&sid=" + session_));
}

void WebSocketClient::leave() {
  state_ = State::leaving;
  socket_.send(text_frame("41") + close_frame());
}

void WebSocketClient::close() {
  socket_.close();
  listener_.on_closed(index_, std::exchange(state_, State::closed) == State::leaving);
}

void WebSocketClient::on_events(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    socket_.on_writable();
    if (state_ == State::connecting) {
      state_ = State::upgrading;
      send_request();
    }
  }
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read();
}

void WebSocketClient::read() {
  auto const received = socket_.receive();
  if (!received) return close();
  auto input = *received;
  std::string joined;
  if (!partial_.empty()) {
    joined = std::exchange(partial_, {});
    joined.append(input);
    input = joined;
  }
  if (state_ == State::upgrading) take_response(input);
  if (state_ >= State::probing) take_frames(input);
  if (state_ >= State::upgrading) partial_.assign(input);
}

void WebSocketClient::take_response(std::string_view& input) {
  auto const end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return;
  if (!input.starts_with("HTTP/1.1 101")) return close();
  input.remove_prefix(end + 4);
  if (!session_.empty()) {
    state_ = State::probing;
    return socket_.send(text_frame("2probe"));
  }
  state_ = State::joining;
  if (endpoint_.dialect->hello.empty()) socket_.send(endpoint_.join);
}

void WebSocketClient::take_frames(std::string_view& input) {
  while (auto const frame = take_frame(input)) {
    constexpr unsigned text_opcode = 1;
    constexpr unsigned binary_opcode = 2;
    constexpr unsigned close_opcode = 8;
    constexpr unsigned ping_opcode = 9;
    if (frame->opcode == close_opcode) return close();
    if (frame->opcode == ping_opcode) socket_.send(pong_frame(frame->payload));
    if (frame->compressed && !inflater_) inflater_ = std::make_unique<Inflater>();
    auto const message = frame->compressed ? inflater_->inflate(frame->payload) : frame->payload;
    if (frame->opcode == text_opcode) on_text(message);
    if (frame->opcode == binary_opcode) on_binary(message);
  }
}

void WebSocketClient::on_binary(std::string_view message) {
  if (state_ == State::ready) return listener_.on_attachment(index_, message);
  // With MessagePack the answer to the join.
  if (state_ != State::joining) return;
  state_ = State::ready;
  listener_.on_ready(index_);
}

void WebSocketClient::on_text(std::string_view text) {
  if (!endpoint_.dialect->has_lines) return on_line(text);
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    on_line(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

void WebSocketClient::on_line(std::string_view text) {
  auto const& dialect = *endpoint_.dialect;
  if (state_ == State::probing && text == "3probe") return listener_.on_probed(index_);
  if (text == dialect.ping) return socket_.send(text_frame(dialect.pong));
  if (!dialect.hello.empty() && text.starts_with(dialect.hello)) return socket_.send(endpoint_.join);
  if (!text.starts_with(dialect.packet)) return;
  if (state_ == State::ready) return listener_.on_packet(index_, text.substr(dialect.packet.size()));
  if (state_ != State::joining || !text.starts_with(dialect.welcome)) return;
  state_ = State::ready;
  listener_.on_ready(index_);
}

}  // namespace load
