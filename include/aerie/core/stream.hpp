#pragma once

/// \file
/// A connection as protocols see it: bytes come in, bytes go out. TCP, TLS and in-memory streams are alike.
/// A stream belongs to one shard; all of it is called there.

#include <aerie/core/api.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/core/out_queue.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/poller.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

class Burst;
class JointSender;
class Shard;

/// Who reads a stream. Called on the stream's shard.
class AERIE_API StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  /// Bytes have arrived. They may be changed in place and are valid during the call only.
  virtual void on_data(std::span<char> bytes) = 0;
  /// The peer has ended its direction (TCP's FIN): it sends nothing more, but may still read. True: the
  /// handler goes on; what it writes is sent as before, it ends the stream itself, by `finish` or `close`,
  /// and `on_closed` follows only if the connection breaks. False: what is queued by the end of this turn is
  /// offered to the peer, then `on_closed` follows. Called once, behind all data.
  virtual bool on_end() { return false; }
  /// The peer is gone: end of its data (no error) or a failure. The last call; not made after `close`.
  virtual void on_closed(std::error_code reason) = 0;
  /// Everything queued has been handed to the operating system after it once could not be.
  virtual void on_drained() {}
  /// The peer, which is behind, has been offered what waits for it, and has taken some of it or none.
  virtual void on_progress() {}
  /// The peer is slow (`Backlog`): what was written in this turn is more than may wait for it by
  /// `Stream::limit`, and is dropped. Usually one closes, and names the limit in the log. The same if it is
  /// given up because the process has too little memory: `Stream::shed`.
  virtual void on_overflow() = 0;
};

class AERIE_API Stream : public Pollable {
 public:
  ~Stream() override;
  Stream(Stream const&) = delete;
  Stream& operator=(Stream const&) = delete;

  Shard& shard() const noexcept { return *shard_; }
  /// From now on `handler` is told what happens; it must outlive the stream or be replaced.
  void set_handler(StreamHandler* handler) noexcept { handler_ = handler; }
  virtual Endpoint peer() const = 0;
  /// True if the bytes travel encrypted.
  virtual bool secure() const noexcept { return false; }

  /// Queues a copy of `bytes`. What is queued in a turn goes out with one gather write at its end.
  void write(std::string_view bytes);
  /// Queues a shared chunk that will not grow any more.
  void write(ChunkRef chunk);
  /// Room for `size` bytes to be encoded in place; confirmed by `commit` before anything else is written.
  char* prepare(std::size_t size);
  void commit(std::size_t size);
  /// Queues everything of the burst from `begin` on.
  void join(Burst& burst, std::uint32_t begin);

  /// True if nothing waits to be sent: "writable" in Socket.IO's sense.
  bool idle() const noexcept { return out_.empty(); }
  /// Bytes that wait to be sent, those of a burst that is still open not counted.
  std::size_t unsent() const noexcept { return out_.bytes(); }
  /// The same, those of a burst included.
  std::size_t waiting() const noexcept { return out_.bytes_with_open(); }

  /// How much may wait for a peer that is behind before the handler is told of an overflow: see `Backlog`.
  void set_limit(std::size_t bytes) noexcept { limit_ = static_cast<std::uint32_t>(bytes); }
  std::size_t limit() const noexcept { return limit_; }

  /// True if what waited was dropped for `RuntimeOptions::memory_limit`, and the peer is to go.
  bool shed() const noexcept { return ending_ == Ending::shed; }

  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  /// Drops the connection at once, with what has not been sent. The handler hears nothing more.
  void close() noexcept;
  bool closed() const noexcept { return closed_; }

  /// Sends what is queued, ends the own direction and waits a moment for the peer to end its own, so that the
  /// last bytes are not lost to a reset. The stream looks after itself from here on. `peer_has_ended` tells
  /// that the peer is done by the rules of its protocol, as if it had ended its direction: it isn't waited
  /// for where that costs no bytes.
  static void finish(std::unique_ptr<Stream> stream, bool peer_has_ended = false);

  /// True if the peer has ended its direction: nothing more will be read.
  bool peer_ended() const noexcept { return peer_ended_; }

  /// True if everything is sent, and the shard has nothing more to do for the stream in this turn.
  virtual bool settled() const noexcept { return out_.empty() && !dirty_; }
  /// True if the peer takes nothing at present: `on_drained` will follow when it does again.
  virtual bool blocked() const noexcept { return behind_ != nullptr; }
  /// Takes the stream out of its shard's event loop; `enter` puts it into another's, on that shard's thread.
  /// REQUIRES: settled().
  virtual void leave() = 0;
  virtual void enter(Shard& shard) = 0;

  /// Writes what is queued. Called by the shard at the end of a turn.
  void flush();
  /// What has gone wrong is nobody's fault but ours: the connection ends, and its handler is told.
  void on_failure() override { lost(std::make_error_code(std::errc::io_error)); }

 protected:
  explicit Stream(Shard& shard) noexcept;
  /// For what stands on another stream, which counts as the connection.
  struct Layer {};
  Stream(Shard& shard, Layer) noexcept;

  /// Hands bytes to the operating system: how many it took (0 if it cannot take any now), or an error.
  virtual std::size_t transmit(std::span<iovec const> parts, std::error_code& error) = 0;
  /// Whether `on_ready` is to be called (and calls `flush`) when more can be transmitted.
  virtual void watch_writable(bool on) = 0;
  /// The socket that `transmit` would only hand the bytes to; -1 if it does anything else.
  virtual int plain_socket() const noexcept { return -1; }
  virtual void end_output() noexcept = 0;
  /// True if what was transmitted arrives although the stream is released, if only the peer is silent.
  virtual bool outlives_release() const noexcept { return false; }
  virtual void release() noexcept = 0;

  /// The peer has ended its direction: tells the handler, once.
  void end_of_input();
  /// The peer has gone: tells the handler, once.
  void lost(std::error_code reason);
  /// The connection is of no use any more: as `lost`, at the end of the turn, from where nobody expects it.
  void lost_later();
  void move_to(Shard& shard) noexcept;
  StreamHandler* handler() const noexcept { return handler_; }

 private:
  friend class Burst;
  friend class Turn;
  /// How it is going to end, if that is certain already.
  enum class Ending : std::uint8_t { no, finished, peer_ended, overflowed, shed, failed };
  class Behind;

  bool takes_writes() const noexcept {
    return !closed_ && (ending_ == Ending::no || ending_ == Ending::peer_ended);
  }
  void touched();
  void touched_with_much_queued();
  void make_dirty();
  void leave_burst() {
    if (out_.ends_open()) leave_open_burst();
  }
  void leave_open_burst();
  void send_queued(std::error_code& error);
  /// Has `sender` send what is queued, if it is no more than one part for a peer that is not behind.
  /// REQUIRES: no burst is open.
  void offer(JointSender& sender) noexcept;
  void taken(std::size_t bytes) noexcept;
  void drop_queue();
  bool send_everything();

  Shard* shard_;
  StreamHandler* handler_ = nullptr;
  OutQueue out_;
  Owned<Behind> behind_;  // null for a peer that takes what it is offered
  std::uint32_t limit_ = 1U << 20U;
  Ending ending_ = Ending::no;
  bool dirty_ = false;
  bool closed_ : 1 = false;
  bool is_connection_ : 1 = false;
  bool peer_ended_ = false;
};

}}}  // namespace aerie::v1::core
