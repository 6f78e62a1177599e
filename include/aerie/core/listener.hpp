#pragma once

/// \file
/// A listening TCP socket. Belongs to the shard on which it was opened.

#include <aerie/core/api.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/core/timing_wheel.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// A connection that was accepted and has no shard yet. Closes its socket unless it is opened.
class AERIE_API AcceptedSocket {
 public:
  AcceptedSocket(int socket, Endpoint peer) noexcept : socket_(socket), peer_(std::move(peer)) {}
  /// Closes the socket, and throws std::bad_alloc, if there is no memory for the address.
  AcceptedSocket(int socket, sockaddr const& peer) : AcceptedSocket(socket, Endpoint()) {
    peer_ = Endpoint::from(peer);
  }
  AcceptedSocket(AcceptedSocket&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), peer_(std::move(other.peer_)) {}
  AcceptedSocket& operator=(AcceptedSocket&&) = delete;
  ~AcceptedSocket();

  /// Makes it a stream of `shard`; call it on that shard, once. Throws std::system_error, and closes the
  /// socket, if the kernel cannot watch it.
  std::unique_ptr<Stream> open(Shard& shard);
  int release() noexcept { return std::exchange(socket_, -1); }
  Endpoint const& peer() const noexcept { return peer_; }

 private:
  int socket_;
  Endpoint peer_;
};

/// Whatever goes wrong with a new connection (what it is given to throws, the kernel has no memory for it)
/// ends that one, is logged, and does not keep the others out; what goes wrong with all of them is tried
/// again after a moment.
class AERIE_API Listener final : public Pollable {
 public:
  using OnAccept = UniqueFunction<void(AcceptedSocket)>;

  /// Listens on `host` (a name or an address; empty: every address of the machine) and `port` (0: a free
  /// one). Throws std::system_error with a sentence if that cannot be done.
  Listener(Shard& shard, std::string const& host, std::uint16_t port, OnAccept on_accept);
  ~Listener() override;

  std::uint16_t port() const noexcept { return port_; }
  /// Accepts nothing any more; the port is free. For within a turn, at whose end `Shard::retire` destroys it.
  void close() noexcept;
  void on_ready(std::uint32_t events) override;

 private:
  enum class Accept : std::uint8_t { accepted, try_again, nothing };

  Accept accept_one();
  bool refuse_one() noexcept;
  void back_off();
  void go_on();

  Shard& shard_;
  OnAccept on_accept_;
  int socket_;
  int reserve_;
  std::uint16_t port_ = 0;
  Timer pause_ = Timer::calling<&Listener::go_on>(this);
};

}}}  // namespace aerie::v1::core
