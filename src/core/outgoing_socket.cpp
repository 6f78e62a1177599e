#include "core/outgoing_socket.hpp"

#include "core/system/sockets.hpp"
#include "core/user_timeout.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace aerie { inline namespace v1 { namespace core {

namespace {

std::error_code last_error() noexcept {
  return {errno, std::system_category()};
}

/// The size of the address; 0 if there is none.
socklen_t write_address(Endpoint const& endpoint, sockaddr_storage& out) noexcept {
  auto const bytes = endpoint.bytes();
  if (bytes.size() == 4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(out);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port());
    std::memcpy(&v4.sin_addr, bytes.data(), bytes.size());
    return sizeof v4;
  }
  if (bytes.size() == 16) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(out);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port());
    std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    return sizeof v6;
  }
  return 0;
}

/// A socket that connects to a free port of its own machine may be given that very port, and be its own peer.
bool talks_to_itself(int socket) noexcept {
  sockaddr_storage own{}, peer{};
  socklen_t own_size = sizeof own;
  socklen_t peer_size = sizeof peer;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
      getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
    return false;
  }
  return own.ss_family != AF_UNIX && own_size == peer_size && std::memcmp(&own, &peer, own_size) == 0;
}

}  // namespace

OutgoingSocket OutgoingSocket::remote(Endpoint const& endpoint, std::error_code& error) noexcept {
  sockaddr_storage address{};
  auto const size = write_address(endpoint, address);
  OutgoingSocket result(size == 0 ? -1 : open_socket(address.ss_family));
  error = size == 0 ? std::make_error_code(std::errc::address_not_available) : last_error();
  if (result.socket_ < 0) return result;
  int const on = 1;
  setsockopt(result.socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(result.socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
  auto const failed = ::connect(result.socket_, reinterpret_cast<sockaddr const*>(&address), size) != 0;
  // Interrupted, it goes on all the same.
  error = !failed          ? std::error_code()
          : errno == EINTR ? std::make_error_code(std::errc::operation_in_progress)
                           : last_error();
  return result;
}

OutgoingSocket OutgoingSocket::local(std::string const& path, std::error_code& error) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    error = std::make_error_code(std::errc::filename_too_long);
    return OutgoingSocket(-1);
  }
  path.copy(address.sun_path, path.size());
  OutgoingSocket result(open_socket(AF_UNIX));
  auto const failed =
      result.socket_ < 0 ||
      ::connect(result.socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0;
  error = failed ? last_error() : std::error_code();
  return result;
}

void OutgoingSocket::close() noexcept {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

std::error_code OutgoingSocket::outcome() const noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return last_error();
  if (error != 0) return {error, std::system_category()};
  sockaddr_storage peer{};
  size = sizeof peer;
  if (getpeername(socket_, reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
    return errno == ENOTCONN ? std::make_error_code(std::errc::operation_in_progress) : last_error();
  }
  if (talks_to_itself(socket_)) return std::make_error_code(std::errc::connection_refused);
  return {};
}

}}}  // namespace aerie::v1::core
