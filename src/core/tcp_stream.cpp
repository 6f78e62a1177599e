#include "core/tcp_stream.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

TcpStream::TcpStream(Shard& shard, int socket, Endpoint peer)
    : Stream(shard), socket_(socket), peer_(std::move(peer)) {}

TcpStream::~TcpStream() {
  close_socket();
}

void TcpStream::close_socket() noexcept {
  if (socket_ < 0) return;
  if (watched_) shard().forget(socket_);
  ::close(std::exchange(socket_, -1));
}

std::uint32_t TcpStream::interest() const noexcept {
  // Edge-triggered: with levels the kernel looks at every socket once more, in the next wait, to learn that
  // it has been read empty. Every change of interest makes it look again.
  constexpr auto to_read = Readiness::read | Readiness::peer_ended;
  return Readiness::once | (reads() ? to_read : 0U) | (writing_ ? Readiness::write : 0U);
}

void TcpStream::pause_reading() {
  if (closed() || !reading_) return;
  reading_ = false;
  watch_again();
}

void TcpStream::resume_reading() {
  if (closed() || reading_) return;
  reading_ = true;
  watch_again();
}

void TcpStream::watch_again() noexcept {
  try {
    shard().rewatch(socket_, interest(), *this);
  } catch (std::system_error const& error) {
    shard().runtime().log().error("core", error.what());
    lost_later();
  }
}

void TcpStream::watch_writable(bool on) {
  writing_ = on;
  watch_again();
}

void TcpStream::leave() {
  shard().unwatch(socket_);
  watched_ = false;
}

void TcpStream::enter(Shard& shard) {
  move_to(shard);
  shard.watch(socket_, interest(), *this);
  watched_ = true;
}

void TcpStream::on_ready(std::uint32_t events) {
  if (closed()) return;
  auto const broken = (events & (Readiness::error | Readiness::hang_up)) != 0;
  auto const ended = broken || (events & Readiness::peer_ended) != 0;
  if (reads() && (ended || (events & Readiness::read) != 0)) {
    while (read() && ended) {
    }
  }
  // A reset, or the end of both directions: nothing will report it again. What was not read is lost with it.
  if (broken && !closed() && !reads()) lost(pending_error());
  if (!closed() && (events & Readiness::write) != 0) flush();
}

std::error_code TcpStream::pending_error() const noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  return {error, std::system_category()};
}

/// True if it has read the socket empty, and only the end can follow.
bool TcpStream::read() {
  auto const buffer = shard().read_buffer();
  auto size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size < 0 && errno == EINTR) size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size > 0) {
    received(buffer.first(static_cast<std::size_t>(size)));
    if (closed() || !reads()) return false;
    if (static_cast<std::size_t>(size) < buffer.size()) return true;
    // There may be more: in the next turn, for others want to be read, too.
    watch_again();
    return false;
  }
  if (size == 0) {
    end_of_input();
    if (Poller::repeats() && !closed()) watch_again();
  } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
    lost({errno, std::system_category()});
  }
  return false;
}

void TcpStream::received(std::span<char> bytes) {
  if (handler() != nullptr) handler()->on_data(bytes);
}

std::size_t TcpStream::transmit(std::span<iovec const> parts, std::error_code& error) {
  ssize_t sent;
  if (parts.size() == 1) {
    sent = ::send(socket_, parts[0].iov_base, parts[0].iov_len, MSG_NOSIGNAL);
  } else {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts.data());
    message.msg_iovlen = parts.size();
    sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
  }
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) error.assign(errno, std::system_category());
  return 0;
}

void TcpStream::end_output() noexcept {
  ::shutdown(socket_, SHUT_WR);
}

void TcpStream::release() noexcept {
  close_socket();
}

}}}  // namespace aerie::v1::core
