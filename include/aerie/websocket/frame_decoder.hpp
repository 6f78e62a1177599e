#pragma once

/// \file
/// Turns the bytes of a WebSocket connection into messages and control frames, without any I/O (RFC 6455 §5).

#include <aerie/core/api.hpp>
#include <aerie/websocket/error.hpp>
#include <aerie/websocket/frame.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace aerie { inline namespace v1 { namespace websocket {

/// What a decoder lets pass.
struct DecoderOptions {
  /// Who we are: a server's decoder insists on masked frames, a client's on unmasked ones.
  Role role = Role::server;
  /// Most bytes of one message over all its fragments; judged by the declared length, before a payload byte
  /// is read. A compressed message is judged here by its compressed size.
  std::size_t max_message_size = 1'000'000;
  /// Most frames that one message may consist of; empty ones count.
  std::uint32_t max_fragments = 131'072;
  /// True once permessage-deflate is negotiated: the first frame of a message may have RSV1 set.
  bool allow_compressed = false;
};

/// What a decoder found.
struct FrameEvent {
  enum class Kind : std::uint8_t {
    need_more,  ///< The input is used up.
    text,       ///< A whole text; its UTF-8 has been checked unless it is compressed.
    binary,
    ping,
    pong,
    close,  ///< The peer's close frame: `code` and, as payload, the reason.
    error,  ///< The peer broke a rule, `error`; the connection is to be closed with `code`.
  };

  Kind kind = Kind::need_more;
  bool compressed =
      false;  ///< The payload of a message is as RFC 7692 leaves it, without the last four bytes.
  Error error = Error::none;
  CloseCode code = CloseCode::no_status;
  std::span<char> payload{};  ///< Valid until the next call of `next` and as long as the input.
};

/// The receiving half of RFC 6455: `next` is called with what has arrived until it wants more.
///
///     while (true) {
///       auto const event = decoder.next(input);
///       if (event.kind == FrameEvent::Kind::need_more) break;
///       ...
///     }
///
/// A message that lies in the input as one frame is unmasked there and handed out as a view: nothing is
/// copied or allocated. Other messages are gathered in a buffer that never holds more than twice what has
/// arrived, and never more than the limit; it is gone when `next` has returned `need_more` between messages.
/// So an idle connection costs `sizeof(FrameDecoder)`.
///
/// After `close`, `error` or `stop` the decoder swallows everything. Belongs to one thread at a time.
class AERIE_API FrameDecoder {
 public:
  explicit FrameDecoder(DecoderOptions const& options = {});
  ~FrameDecoder();
  FrameDecoder(FrameDecoder&&) noexcept;
  FrameDecoder& operator=(FrameDecoder&&) noexcept;

  /// Takes bytes off the front of `input` until there is an event. Whatever was taken may have been changed.
  FrameEvent next(std::span<char>& input);

  /// From now on swallows everything and holds nothing; views that were handed out end here.
  void stop();

  /// True between messages, with no frame half read: the peer owes us nothing.
  bool idle() const;

  std::size_t max_message_size() const { return max_message_size_; }

  /// Who we are.
  Role role() const { return expects_mask_ ? Role::server : Role::client; }

  /// Bytes allocated for a message in progress.
  std::size_t buffered_bytes() const;

 private:
  enum class Phase : std::uint8_t { header, payload, finished };
  enum class Lent : std::uint8_t { nothing, message, control };
  struct Assembly;

  static constexpr Opcode no_message = Opcode::continuation;

  bool begins_with_small_message(std::span<char const> input) const;
  FrameEvent take_small_message(std::span<char>& input);
  FrameEvent take_some(std::span<char>& input);
  void take_back();
  Error read_header(std::span<char>& input);
  Error check_start(unsigned char first, unsigned char second) const;
  Error begin_frame(unsigned char const* header);
  Error begin_data_frame(std::uint64_t size);
  std::span<char> take_payload(std::span<char>& input);
  FrameEvent data(std::span<char> part);
  FrameEvent control(std::span<char> part);
  FrameEvent close(std::span<char> payload);
  FrameEvent fail(Error error);
  Assembly& assembly();
  Error gather(std::span<char> part);

  // An idle connection has all of this, so what only a split message needs is in its Assembly.
  std::unique_ptr<Assembly> assembly_;
  std::size_t max_message_size_;
  std::uint64_t remaining_ = 0;  // Payload bytes of the current frame still to come.
  std::uint32_t max_fragments_;
  Mask mask_ = 0;  // For the next payload byte of the current frame.
  Phase phase_ = Phase::header;
  Opcode frame_ = no_message;    // Of the current frame; a continuation is called by its message's.
  Opcode message_ = no_message;  // Of the message in progress.
  Lent lent_ = Lent::nothing;    // What the last event gave a view of.
  bool final_ : 1 = false;       // The current frame ends its message.
  bool compressed_ : 1 = false;  // The current message is compressed.
  bool expects_mask_ : 1;
  bool allow_compressed_ : 1;
};

}}}  // namespace aerie::v1::websocket
