#include "load/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace load {

namespace {

constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};

std::vector<char>& read_buffer() {
  static std::vector<char> buffer(256 * 1024);
  return buffer;
}

}  // namespace

std::string text_frame(std::string_view packet) {
  std::string frame;
  frame.push_back(static_cast<char>(0x81));
  auto const size = packet.size();
  if (size < 126) {
    frame.push_back(static_cast<char>(0x80 | size));
  } else if (size < 65536) {
    frame.push_back(static_cast<char>(0x80 | 126));
    frame.push_back(static_cast<char>(size >> 8));
    frame.push_back(static_cast<char>(size & 0xff));
  } else {
    frame.push_back(static_cast<char>(0x80 | 127));
    for (int shift = 56; shift >= 0; shift -= 8)
      frame.push_back(static_cast<char>(size >> shift));
  }
  frame.append(reinterpret_cast<char const*>(mask.data()), mask.size());
  for (std::size_t i = 0; i < size; ++i)
    frame.push_back(static_cast<char>(packet[i] ^ mask[i % 4]));
  return frame;
}

Connection::~Connection() {
  close();
}

void Connection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  state_ = State::closed;
  partial_.clear();
  unsent_.clear();
}

void Connection::open(int epoll, std::uint16_t port, std::string_view headers, std::string_view auth) {
  epoll_ = epoll;
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) {
    std::perror("socket");
    std::exit(1);
  }
  int const on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 && errno != EINPROGRESS) {
    std::perror("connect");
    std::exit(1);
  }
  request_ = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:";
  request_.append(std::to_string(port));
  request_ +=
      "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  request_.append(headers).append("\r\n");
  join_ = text_frame(std::string("40").append(auth));
  state_ = State::connecting;
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.ptr = this;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event);
}

void Connection::watch(std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = this;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, socket_, &event);
}

void Connection::lost() {
  close();
  listener_.on_lost(index_);
}

void Connection::on_events(std::uint32_t events) {
  if (state_ == State::closed) return;
  if (state_ == State::connecting && (events & EPOLLOUT) != 0) {
    state_ = State::upgrading;
    send(std::exchange(request_, {}));
    watch(EPOLLIN);
    return;
  }
  if ((events & EPOLLOUT) != 0 && !unsent_.empty()) send(std::exchange(unsent_, {}));
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read();
}

void Connection::send(std::string_view bytes) {
  if (!unsent_.empty()) {
    unsent_.append(bytes);
    return;
  }
  auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  auto const taken = sent < 0 ? std::size_t{0} : static_cast<std::size_t>(sent);
  if (taken == bytes.size()) return;
  unsent_.assign(bytes.substr(taken));
  watch(EPOLLIN | EPOLLOUT);
}

void Connection::read() {
  auto& buffer = read_buffer();
  auto const size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size == 0 || (size < 0 && errno != EAGAIN)) return lost();
  if (size < 0) return;
  std::string_view input(buffer.data(), static_cast<std::size_t>(size));
  std::string joined;
  if (!partial_.empty()) {
    joined = std::exchange(partial_, {});
    joined.append(input);
    input = joined;
  }
  if (state_ == State::upgrading) take_http(input);
  if (state_ == State::joining || state_ == State::ready) take_frames(input);
  if (state_ != State::closed) partial_.assign(input);
}

void Connection::take_http(std::string_view& input) {
  auto const end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) return;
  if (!input.starts_with("HTTP/1.1 101")) return lost();
  input.remove_prefix(end + 4);
  state_ = State::joining;
}

void Connection::take_frames(std::string_view& input) {
  while (input.size() >= 2 && state_ != State::closed) {
    auto const opcode = static_cast<unsigned char>(input[0]) & 0x0f;
    std::size_t size = static_cast<unsigned char>(input[1]) & 0x7f;
    std::size_t header = 2;
    if (size == 126) {
      header = 4;
      if (input.size() < header) return;
      size = static_cast<std::size_t>(static_cast<unsigned char>(input[2])) << 8 |
             static_cast<unsigned char>(input[3]);
    } else if (size == 127) {
      header = 10;
      if (input.size() < header) return;
      size = 0;
      for (std::size_t i = 2; i < 10; ++i)
        size = size << 8 | static_cast<unsigned char>(input[i]);
    }
    if (input.size() < header + size) return;
    auto const payload = input.substr(header, size);
    input.remove_prefix(header + size);
    if (opcode == 8) return lost();
    if (opcode == 1) on_text(payload);
  }
}

void Connection::on_text(std::string_view text) {
  static std::string const pong = text_frame("3");
  if (text.empty()) return;
  if (text[0] == '2') return send(pong);
  if (text[0] == '0') return send(std::exchange(join_, {}));
  if (text[0] != '4') return;
  if (state_ == State::joining && text.starts_with("40")) {
    state_ = State::ready;
    listener_.on_ready(index_);
  } else if (state_ == State::ready) {
    listener_.on_packet(index_, text.substr(1));
  }
}

}  // namespace load
