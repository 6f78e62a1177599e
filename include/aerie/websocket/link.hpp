#pragma once

/// \file
/// A server's end of an open WebSocket on a stream: a Peer with its input and output.

#include <aerie/core/api.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/websocket/peer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace aerie { inline namespace v1 { namespace websocket {

/// How a link has come to its end.
enum class LinkEnd : std::uint8_t {
  closed,      ///< The other end's close frame has come; ours is queued.
  violation,   ///< The other end has broken a rule; the close frame that says so is queued.
  lost,        ///< The connection is gone.
  overflowed,  ///< The other end takes less than it is sent; the connection was dropped.
};

/// Reads frames and hands out messages, writes frames, and answers what is answered without anybody's help:
/// pings, close frames. A ping is answered at once unless the other end takes nothing at present; then the
/// answer to the last one follows as soon as it does again (RFC 6455 §5.5.2 and §5.5.3), so that a flood of
/// pings fills no queue.
///
/// Whoever derives from it is its handler, and is destroyed by `Shard::retire` or kept while it is called. An
/// idle link holds what `Peer` holds, and its stream. Belongs to the stream's shard.
class AERIE_API Link : protected core::StreamHandler {
 public:
  /// True until the stream was given away or dropped.
  bool attached() const noexcept { return stream_ != nullptr; }
  /// True from the handshake to the first close frame, of either side.
  bool is_open() const noexcept { return attached() && peer_.state() == Peer::State::open; }
  /// How the other end has left: as Peer::close_code.
  CloseCode close_code() const noexcept { return peer_.close_code(); }
  /// Null if it is not attached.
  core::Stream* stream() const noexcept { return stream_.get(); }

  /// Sends a frame whose payload is `prefix` and `data`, compressed if that was agreed and is worth it.
  void write(Opcode opcode, std::string_view prefix, std::string_view data, bool compress = false);
  /// Begins the closing handshake. REQUIRES: as Peer::close.
  void close(CloseCode code = CloseCode::no_status, std::string_view reason = {});
  /// Begins the closing handshake if nobody has, sends what is queued, and ends the connection without
  /// waiting for an answer.
  void finish(CloseCode code = CloseCode::no_status);
  /// Drops the connection with what has not been sent.
  void cut() noexcept;

 protected:
  explicit Link(PeerOptions const& options, std::unique_ptr<Deflate> deflate = nullptr)
      : peer_(options, std::move(deflate)) {}
  ~Link() override { cut(); }

  /// Gives the link its stream, of which `outgoing_limit` bytes may wait to be sent.
  void attach(std::unique_ptr<core::Stream> stream, std::size_t outgoing_limit);
  bool compresses() const noexcept { return peer_.deflate() != nullptr; }

  void on_data(std::span<char> bytes) override;
  /// The other end was behind, and some of what waited may have been taken.
  void on_progress() override {}

 private:
  /// A message: `event` is of kind `text` or `binary`. Its payload is valid during the call.
  virtual void on_message(PeerEvent const& event) = 0;
  /// The last call. What is queued is still to be sent by `finish`, where there is a stream.
  virtual void on_ended(LinkEnd end) = 0;

  void on_closed(std::error_code reason) override;
  void on_drained() override;
  void on_overflow() override;

  void append_frame(Opcode opcode, std::string_view prefix, std::string_view data, FrameFlags flags);
  void write_control_frames();

  std::unique_ptr<core::Stream> stream_;
  Peer peer_;
};

}}}  // namespace aerie::v1::websocket
