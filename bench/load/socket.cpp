#include "load/socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace load {

namespace {

[[noreturn]] void fail(char const* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void set_option(int descriptor, int level, int name, int value) {
  setsockopt(descriptor, level, name, &value, sizeof value);
}

}  // namespace

void Socket::connect(EventLoop& loop, Address const& server, EventTarget& target, int receive_buffer) {
  close();
  loop_ = &loop;
  target_ = &target;
  if (server.tls != nullptr) tls_ = std::make_unique<TlsLayer>(*server.tls);
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) fail("socket");
  set_option(descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);
  if (receive_buffer != 0) set_option(descriptor_, SOL_SOCKET, SO_RCVBUF, receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto const result = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  if (result < 0 && errno != EINPROGRESS) fail("connect");
  loop.add(descriptor_, EPOLLOUT, target);
}

void Socket::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  unsent_.clear();
  tls_.reset();
}

void Socket::end() {
  tls_->write_end();
  flush();
}

void Socket::send(std::string_view bytes) {
  if (!is_open()) return;
  if (unsent_.empty() && !(tls_ && tls_->has_outgoing())) loop_->flush_soon(*this);
  if (tls_) return tls_->write(bytes);
  unsent_.append(bytes);
}

void Socket::flush() {
  if (!is_open()) return;
  if (tls_) tls_->take_outgoing(unsent_);
  if (unsent_.empty()) return;
  auto const result = ::send(descriptor_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (result > 0) unsent_.erase(0, static_cast<std::size_t>(result));
  if (!unsent_.empty()) loop_->change(descriptor_, EPOLLIN | EPOLLOUT, *target_);
}

void Socket::on_writable() {
  loop_->change(descriptor_, EPOLLIN, *target_);
  flush();
}

std::optional<std::string_view> Socket::receive() {
  auto const buffer = loop_->read_buffer();
  auto const size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (size > 0) {
    std::string_view const bytes(buffer.data(), static_cast<std::size_t>(size));
    return tls_ ? decrypt(bytes) : bytes;
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::string_view();
  return std::nullopt;
}

std::optional<std::string_view> Socket::decrypt(std::string_view bytes) {
  auto const text = tls_->read(bytes);
  // Of the handshake, and what has waited for its end.
  if (tls_->has_outgoing()) loop_->flush_soon(*this);
  return text;
}

void Socket::stop_reading() {
  if (is_open()) loop_->change(descriptor_, 0, *target_);
}

void Socket::resume_reading() {
  if (is_open()) loop_->change(descriptor_, EPOLLIN, *target_);
}

}  // namespace load
