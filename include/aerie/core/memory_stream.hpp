#pragma once

/// \file
/// A connection without a network, for tests: a whole server runs in one thread, on a clock that the test
/// turns. Belongs to that thread.

#include <aerie/core/api.hpp>
#include <aerie/core/stream.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

struct MemoryLink;

/// The far end of an in-memory stream: what a client's socket would be. What it does is seen by the server in
/// the next turn of the stream's shard.
class AERIE_API MemoryClient {
 public:
  explicit MemoryClient(std::shared_ptr<MemoryLink> link) noexcept : link_(std::move(link)) {}
  MemoryClient(MemoryClient&&) noexcept = default;
  MemoryClient& operator=(MemoryClient&&) noexcept = default;
  /// Closes.
  ~MemoryClient();

  void write(std::string_view bytes);
  /// What the server has sent and nobody has taken yet.
  std::string const& received() const noexcept;
  /// Takes what the server has sent, which makes room in the window.
  std::string take();

  /// Takes what the server has sent and writes it to the server of another one; its end is an end there. Two
  /// streams are connected by both directions of it. True if there was anything.
  bool carry_to(MemoryClient& other);

  /// Ends the client's direction, behind what was written (FIN); what the server still sends is received.
  void close();
  /// Breaks it off (RST).
  void reset();

  /// How many bytes the server may send ahead of `take`; unlimited at first, 0 is a client that reads
  /// nothing.
  void set_window(std::size_t bytes);

  /// The server has ended its direction: nothing more will be received.
  bool ended() const noexcept;
  /// The server's stream is gone, in whatever way.
  bool closed() const noexcept;
  /// The server does not read at present.
  bool paused() const noexcept;

 private:
  std::shared_ptr<MemoryLink> link_;
};

struct MemoryPair {
  std::unique_ptr<Stream> server;
  MemoryClient client;
};

/// A connection whose server side belongs to `shard`. `secure` and `peer` are what the stream will claim.
AERIE_API MemoryPair memory_pair(Shard& shard, Endpoint peer = {}, bool secure = false);

}}}  // namespace aerie::v1::core
