#include "core/system/sockets.hpp"
#include "core/tcp_stream.hpp"
#include "core/user_timeout.hpp"

#include <aerie/core/listener.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

// An accept storm leaves room in each turn for the connections that are there already.
constexpr int accepts_per_turn = 64;

[[noreturn]] void fail(std::string const& host, std::uint16_t port, int error) {
  auto const where = concat(host.empty() ? "*" : host, ":", std::to_string(port));
  auto const remedy = error == EADDRINUSE ? " (another program listens there; choose another port)"
                      : error == EACCES   ? " (ports below 1024 need a privilege; choose a higher one)"
                                          : "";
  throw std::system_error(error, std::system_category(), concat("aerie: cannot listen on ", where, remedy));
}

int listening_socket(addrinfo const& address, bool any_family) {
  int const socket = open_socket(address.ai_family);
  if (socket < 0) return -1;
  int const on = 1;
  int const off = 0;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // Accepted sockets inherit these, which saves two system calls for each.
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms);
  if (any_family && address.ai_family == AF_INET6)
    setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, SOMAXCONN) == 0)
    return socket;
  auto const error = errno;
  ::close(socket);
  errno = error;
  return -1;
}

int listen_on(std::string const& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  auto const service = std::to_string(port);
  if (auto const error =
          getaddrinfo(host.empty() ? nullptr : host.c_str(), service.c_str(), &hints, &found)) {
    throw std::invalid_argument(concat("aerie: cannot listen on \"", host, "\": ", gai_strerror(error)));
  }
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> const addresses(found, freeaddrinfo);
  // Without a host one IPv6 socket serves both families; where there is no IPv6, the IPv4 one follows.
  int error = EADDRNOTAVAIL;
  for (int const family : {AF_INET6, AF_INET}) {
    if (!host.empty() && family == AF_INET6) continue;
    for (auto const* address = found; address != nullptr; address = address->ai_next) {
      if (host.empty() && address->ai_family != family) continue;
      int const socket = listening_socket(*address, host.empty());
      if (socket >= 0) return socket;
      error = errno;
    }
  }
  fail(host, port, error);
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return Endpoint::from(reinterpret_cast<sockaddr const&>(address)).port();
}

}  // namespace

AcceptedSocket::~AcceptedSocket() {
  if (socket_ >= 0) ::close(socket_);
}

std::unique_ptr<Stream> AcceptedSocket::open(Shard& shard) {
  auto stream = std::make_unique<TcpStream>(shard, release(), std::move(peer_));
  stream->enter(shard);
  return stream;
}

Listener::Listener(Shard& shard, std::string const& host, std::uint16_t port, OnAccept on_accept)
    : shard_(shard),
      on_accept_(std::move(on_accept)),
      socket_(listen_on(host, port)),
      reserve_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {
  try {
    port_ = bound_port(socket_);
    shard_.watch(socket_, Readiness::read, *this);
  } catch (...) {
    close();
    throw;
  }
}

Listener::~Listener() {
  close();
}

void Listener::close() noexcept {
  pause_.cancel();
  shard_.forget(socket_);
  for (auto* const descriptor : {&socket_, &reserve_}) {
    if (*descriptor >= 0) ::close(std::exchange(*descriptor, -1));
  }
}

void Listener::on_ready(std::uint32_t) {
  bool accepted = false;
  for (int i = 0; i < accepts_per_turn && socket_ >= 0; ++i) {
    auto const result = accept_one();
    if (result == Accept::nothing) return;
    accepted = accepted || result == Accept::accepted;
  }
  if (!accepted && socket_ >= 0) back_off();
}

Listener::Accept Listener::accept_one() {
  sockaddr_storage address;
  socklen_t size = sizeof address;
  auto* const peer = reinterpret_cast<sockaddr*>(&address);
  int const socket = accept_socket(socket_, peer, &size);
  auto const& log = shard_.runtime().log();
  if (socket >= 0) {
    auto const start = [&] { on_accept_(AcceptedSocket(socket, *peer)); };
    call_user(log, {"core", "the start of a connection"}, start);
    return Accept::accepted;
  }
  auto const error = errno;
  // A connection that was reset before it was accepted is no reason to stop.
  if (error == ECONNABORTED || error == EINTR) return Accept::try_again;
  if (error == EAGAIN || error == EWOULDBLOCK) return Accept::nothing;
  if (error == EMFILE || error == ENFILE) {
    log.write_limited(LogLevel::error, "core", "accept",
                      "out of file descriptors: new connections are refused; raise `ulimit -n`");
    if (refuse_one()) return Accept::nothing;
  } else {
    log.write_limited(LogLevel::error, "core", "accept",
                      concat("cannot accept connections: ", std::system_category().message(error)));
  }
  back_off();
  return Accept::nothing;
}

/// The reserved descriptor lets us accept and close what waits, instead of being woken for it for ever. False
/// if that is not possible: another thread was faster to take the descriptor.
bool Listener::refuse_one() noexcept {
  if (reserve_ < 0) return false;
  ::close(reserve_);
  int const refused = accept_socket(socket_, nullptr, nullptr);
  if (refused >= 0) ::close(refused);
  reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return refused >= 0;
}

void Listener::back_off() {
  constexpr std::chrono::milliseconds moment{100};
  shard_.unwatch(socket_);
  shard_.start(pause_, moment);
}

void Listener::go_on() {
  if (reserve_ < 0) reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  try {
    shard_.watch(socket_, Readiness::read, *this);
  } catch (std::system_error const& error) {
    shard_.runtime().log().write_limited(LogLevel::error, "core", "accept", error.what());
    back_off();
  }
}

}}}  // namespace aerie::v1::core
