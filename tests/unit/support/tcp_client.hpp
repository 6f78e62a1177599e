#pragma once

/// \file
/// A Socket.IO client on a real socket, for servers that run on threads of their own. It waits for what it
/// reads.

#include "unit/support/http_answer.hpp"
#include "unit/websocket/frames.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace aerie::test {

class TcpClient {
 public:
  explicit TcpClient(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    timeval const patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int const on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = ::connect(descriptor_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    write(get_request("/socket.io/?EIO=4&transport=websocket",
                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
    while (take_answer(received_).status == 0 && read()) {
    }
    next_message();  // the handshake
  }
  TcpClient(TcpClient&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        open_(other.open_),
        received_(std::move(other.received_)) {}
  TcpClient& operator=(TcpClient&&) = delete;
  ~TcpClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  void send(std::string_view packet) { write(websocket::test::text_frame("4" + std::string(packet))); }
  /// What the server says to it.
  std::string join(std::string_view nsp = "") {
    send(nsp.empty() ? "0" : "0" + std::string(nsp) + ",");
    return next();
  }
  /// The next packet; "(closed)" if there will be none, or none has come for very long.
  std::string next() {
    auto message = next_message();
    return message.starts_with('4') ? message.substr(1) : message;
  }

 private:
  std::string next_message() {
    while (true) {
      if (received_.size() >= 2) {
        // Messages of these tests are short, and frames of servers are not masked.
        std::size_t const size = static_cast<unsigned char>(received_[1]);
        if (received_.size() >= 2 + size) {
          auto const closes = received_[0] == '\x88';
          auto message = received_.substr(2, size);
          received_.erase(0, 2 + size);
          return closes ? "(closed)" : message;
        }
      }
      if (!read()) return "(closed)";
    }
  }
  void write(std::string_view bytes) {
    while (open_ && !bytes.empty()) {
      auto const sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      open_ = sent > 0;
      if (open_) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  bool read() {
    char buffer[4096];
    ssize_t size = 0;
    // The kernel interrupts who has made a ring when that has been closed: here the runtime of the test
    // before.
    do {
      size = open_ ? ::recv(descriptor_, buffer, sizeof buffer, 0) : 0;
    } while (size < 0 && errno == EINTR);
    open_ = size > 0;
    if (open_) received_.append(buffer, static_cast<std::size_t>(size));
    return open_;
  }

  int descriptor_;
  bool open_ = false;
  std::string received_;
};

}  // namespace aerie::test
