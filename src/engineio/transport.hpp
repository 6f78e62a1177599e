#pragma once

#include <aerie/core/stream.hpp>
#include <aerie/engineio/options.hpp>
#include <aerie/engineio/packet.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

/// A packet that waits for its transport to be able to send it.
struct OutgoingPacket {
  PacketType type;
  bool binary;
  bool compress;
  std::string data;
};

/// One way of carrying packets. Owned by its session; belongs to its shard. A transport tells its session
/// what arrives and when it fails, until it is told to finish or is destroyed.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual TransportKind kind() const noexcept = 0;
  /// True if what is sent now goes out at once.
  virtual bool writable() const noexcept = 0;
  virtual void send(PacketType type, std::string_view data, bool compress) = 0;
  virtual void send_binary(std::string_view bytes, bool compress) = 0;
  /// Ends the transport after what has been sent. False if that has to wait for the client (long-polling
  /// without a poll): then the transport stays and says `Session::transport_failed` when it is done.
  virtual bool finish(bool by_client) = 0;
  /// Drops what has not gone out yet, which a byte stream can only do by ending.
  virtual void drop_unsent() noexcept = 0;
  /// Ends the transport at once.
  virtual void discard() noexcept = 0;
  /// See Session::frame_stream.
  virtual core::Stream* frame_stream() noexcept { return nullptr; }
};

}}}  // namespace aerie::v1::engineio
