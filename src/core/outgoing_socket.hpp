#pragma once

#include <aerie/core/endpoint.hpp>

#include <string>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// A socket that connects, without anybody waiting for it.
class OutgoingSocket {
 public:
  /// `error` is `operation_in_progress` if the peer has not answered yet: it has when the socket is writable.
  static OutgoingSocket remote(Endpoint const& endpoint, std::error_code& error) noexcept;
  /// To a Unix-domain socket, which answers at once.
  static OutgoingSocket local(std::string const& path, std::error_code& error) noexcept;

  OutgoingSocket(OutgoingSocket&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  OutgoingSocket& operator=(OutgoingSocket&&) = delete;
  ~OutgoingSocket() { close(); }

  int get() const noexcept { return socket_; }
  int release() noexcept { return std::exchange(socket_, -1); }
  void close() noexcept;

  /// What the peer has answered: no error if it is connected.
  std::error_code outcome() const noexcept;

 private:
  explicit OutgoingSocket(int socket) noexcept : socket_(socket) {}

  int socket_;
};

}}}  // namespace aerie::v1::core
