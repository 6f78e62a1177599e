#pragma once

#include <aerie/engineio/options.hpp>
#include <aerie/engineio/packet.hpp>
#include <aerie/engineio/shared_messages.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

namespace http {
class Exchange;
}

namespace engineio {

/// A packet that waits for its transport to be able to send it.
struct OutgoingPacket {
  PacketType type;
  bool binary;
  bool compress;
  std::string data;

  /// Bytes that it holds beside itself.
  std::size_t memory() const noexcept {
    constexpr std::size_t kept_in_place = 15;
    constexpr std::size_t of_an_allocation = 16;
    return data.capacity() > kept_in_place ? data.capacity() + of_an_allocation : 0;
  }
};

/// One way of carrying packets. Owned by its session; belongs to its shard. A transport tells its session
/// what arrives and when it fails, until it is told to finish or is destroyed.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual TransportKind kind() const noexcept = 0;
  /// True if what is sent now goes out at once.
  virtual bool writable() const noexcept = 0;
  /// See Session::buffered_amount.
  virtual std::size_t buffered_amount() const noexcept = 0;
  /// True if what is sent has to wait for the client, and `Session::progressed` follows when it need not.
  virtual bool is_behind() const noexcept = 0;
  virtual void send(PacketType type, std::string_view data, bool compress) = 0;
  virtual void send_binary(std::string_view bytes, bool compress) = 0;
  /// Ends the transport after what has been sent. False if that has to wait for the client (long-polling
  /// without a poll): then the transport stays and says `Session::transport_failed` when it is done.
  virtual bool finish(bool by_client) = 0;
  /// Drops what has not gone out yet, which a byte stream can only do by ending.
  virtual void drop_unsent() noexcept = 0;
  /// Ends the transport at once.
  virtual void discard() noexcept = 0;
  /// See Session::pause_reading. Told once, each.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  // --- Of those that the client has to ask: long-polling.

  /// A request of the session. `headers` are lines for its answer.
  virtual void on_request(http::Exchange& exchange, std::string headers);
  /// Answers what the client waits with, if it does, so that it can go over to another transport.
  virtual void release() {}
  /// True if a packet of this type has not been fetched yet.
  virtual bool is_waiting(PacketType) const noexcept { return false; }
  /// What has not been fetched yet, for the transport that takes over.
  virtual std::vector<OutgoingPacket> take_waiting() { return {}; }

  /// Of those that take what was prepared for many. See Session.
  virtual SharedSink shared_sink() const noexcept { return {}; }
};

}  // namespace engineio
}}  // namespace aerie::v1
