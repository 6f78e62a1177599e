#pragma once

#include <aerie/core/stream.hpp>

#include <memory>

namespace aerie { inline namespace v1 { namespace core {

/// A connected TCP socket. It has no buffer of its own: it reads into the shard's, when there is something to
/// read.
class TcpStream : public Stream {
 public:
  /// Takes a connected, non-blocking socket, which is watched once it has been made to `enter` a shard.
  TcpStream(Shard& shard, int socket, Endpoint peer);
  ~TcpStream() override;

  Endpoint peer() const override { return peer_; }
  void pause_reading() override;
  void resume_reading() override;
  void leave() override;
  void enter(Shard& shard) override;
  void on_ready(std::uint32_t events) override;

 protected:
  std::size_t transmit(std::span<iovec const> parts, std::error_code& error) override;
  void watch_writable(bool on) override;
  int plain_socket() const noexcept override { return socket_; }
  void end_output() noexcept override;
  void release() noexcept override;
  bool outlives_release() const noexcept override { return true; }

  /// What has been read, still as it came from the wire.
  virtual void received(std::span<char> bytes);
  int socket() const noexcept { return socket_; }

 private:
  // What has ended is not asked for again: every other event would report it once more.
  bool reads() const noexcept { return reading_ && !peer_ended(); }
  std::uint32_t interest() const noexcept;
  void watch_again() noexcept;
  void close_socket() noexcept;
  bool read();
  std::error_code pending_error() const noexcept;

  int socket_;
  bool reading_ = true;
  bool writing_ = false;
  bool watched_ = false;
  Endpoint peer_;
};

}}}  // namespace aerie::v1::core
