#pragma once

/// \file
/// One end of an open WebSocket connection without its I/O: what RFC 6455 asks of an endpoint beyond reading
/// frames. Pings are answered, floods refused, messages decompressed, the closing handshake is kept; what
/// remains for a transport is messages and one `closed`.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/websocket/deflate.hpp>
#include <aerie/websocket/frame_decoder.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace aerie { inline namespace v1 { namespace websocket {

struct PeerOptions {
  Role role = Role::server;
  /// Most bytes of one message, before and after decompression.
  std::size_t max_message_size = 1'000'000;
  std::uint32_t max_fragments = 131'072;
  /// Pings and pongs that the other end may send within a second, counted second by second; from 65 535
  /// on there is no limit.
  std::uint32_t max_control_frames_per_second = 100;
};

/// How long a transport waits, after `Peer::close`, for the answer (as the official server does) and, once
/// both close frames have passed, for the other end to take ours, before it cuts the connection.
inline constexpr std::chrono::seconds close_timeout{30};
inline constexpr std::chrono::seconds linger_timeout{2};

struct PeerEvent {
  enum class Kind : std::uint8_t {
    need_more,  ///< The input is used up.
    text,       ///< A message, valid UTF-8.
    binary,
    output,  ///< Only frames to send: `take_output`, unless the connection does not take bytes at present.
    closed,  ///< The last event. What `take_output` still has is to be sent, then the connection is to be
             ///< ended.
  };

  Kind kind = Kind::need_more;
  Error error = Error::none;              ///< Of `closed`: the rule that the other end broke.
  CloseCode code = CloseCode::no_status;  ///< Of `closed`: the other end's code or, after an error, ours.
  std::span<char>
      payload{};  ///< The message, or the reason of `closed`; valid until the next call of `receive`.
};

/// The endpoint's state. A transport passes on what it reads until `need_more`, and sends what comes out:
///
///     char frame[max_control_frame];
///     while (auto const size = peer.take_output(frame)) stream.write({frame, size});
///
/// Data frames are the transport's own to encode. At most one pong waits to be sent: a ping that comes while
/// bytes cannot be sent replaces the answer to the one before (§5.5.3), so a flood of pings costs no memory.
///
/// An idle connection holds `sizeof(Peer)`, and with compression what `deflate_memory` tells. Belongs to one
/// thread at a time.
class AERIE_API Peer {
 public:
  enum class State : std::uint8_t {
    open,
    closing,  ///< We have sent a close frame and wait for the other one; messages are dropped.
    closed,   ///< Both frames have passed or a rule was broken; whatever comes is dropped.
  };

  /// `deflate` if compression was agreed.
  explicit Peer(PeerOptions const& options = {}, std::unique_ptr<Deflate> deflate = nullptr);
  ~Peer();
  Peer(Peer&&) noexcept;
  Peer& operator=(Peer&&) noexcept;

  /// Takes bytes off the front of `input`, which may be changed, until there is an event.
  PeerEvent receive(std::span<char>& input, core::TimePoint now);

  /// Begins the closing handshake; does nothing if it has begun. REQUIRES: `may_be_sent(code)` or
  /// `no_status`.
  void close(CloseCode code = CloseCode::no_status, std::string_view reason = {});

  State state() const { return state_; }

  /// True if the other end's close frame has come: it sends nothing more (§5.5.1).
  bool has_heard_close() const { return heard_close_; }

  /// The other end's code, `no_status` if its close frame had none; ours if it has broken a rule; `abnormal`
  /// as long as neither has happened.
  CloseCode close_code() const { return close_code_; }

  /// Writes the next control frame that waits to be sent and returns its size; 0 if none does. A client
  /// passes a fresh mask that nobody can predict (§10.3).
  std::size_t take_output(std::span<char, max_control_frame> out, Mask mask = 0);

  /// True if `take_output` has something.
  bool has_output() const { return output_ != nullptr; }

  /// The connection's compression, for what is sent; null if none was agreed.
  Deflate* deflate() const;

  /// True between messages, with no frame half read.
  bool idle() const { return decoder_.idle(); }

  /// Bytes allocated for a message in progress.
  std::size_t buffered_bytes() const;

 private:
  struct Output;
  struct Compression;

  PeerEvent inflate(FrameEvent const& event);
  PeerEvent ping(std::span<char const> payload);
  PeerEvent closed(FrameEvent const& event);
  PeerEvent fail(Error error);
  bool within_budget(core::TimePoint now);
  Output& output();

  FrameDecoder decoder_;
  std::unique_ptr<Compression> compression_;  // if it was agreed
  std::unique_ptr<Output> output_;
  std::uint32_t second_began_ = 0;    // in milliseconds of the clock, which begin anew every 49 days
  std::uint16_t control_frames_ = 0;  // Within that second.
  std::uint16_t max_control_frames_;
  State state_ = State::open;
  bool heard_close_ = false;
  CloseCode close_code_ = CloseCode::abnormal;
};

}}}  // namespace aerie::v1::websocket
