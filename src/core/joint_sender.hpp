#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

class Stream;

/// Sends to many sockets by one call. Nothing is under way when that returns: each send is done, or refused
/// because it would have to wait, so whose bytes they are decides how long they live. Belongs to one shard.
class JointSender {
 public:
  /// What the system took of one stream's bytes: some, or all.
  struct Sent {
    Stream* stream;
    std::size_t bytes;
  };

  JointSender() = default;
  virtual ~JointSender() = default;
  JointSender(JointSender const&) = delete;
  JointSender& operator=(JointSender const&) = delete;

  /// True if no more can be added before `send`.
  virtual bool full() const noexcept = 0;
  /// REQUIRES: not full; `bytes` stay where they are until `send`.
  virtual void add(int socket, std::string_view bytes, Stream& stream) noexcept = 0;
  /// Sends what was added. What was taken, valid until the next call; a stream that is missing there has sent
  /// nothing, for now or for ever, and learns why when it sends by itself.
  virtual std::span<Sent const> send() noexcept = 0;
};

/// For tests alone, and set before a runtime is made: each has `RuntimeOptions::io_uring`, and
/// joins even one send.
extern bool ring_for_every_runtime;

/// One that hands its sends to the kernel through an io_uring. Null where there is none, or it is refused,
/// and `error` says how.
std::unique_ptr<JointSender> open_send_ring(std::error_code& error);

}}}  // namespace aerie::v1::core
