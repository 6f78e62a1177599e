#include "core/joint_sender.hpp"
#include "core/lingering.hpp"

#include <aerie/core/backlog.hpp>
#include <aerie/core/burst.hpp>
#include <aerie/core/holder.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

// More than this in one turn is written at once instead of at its end, so that a handler which sends a lot to
// a healthy peer does not look like one that sends to a slow peer.
constexpr std::size_t early_flush = 256 * 1024;

}  // namespace

/// What is known of a peer that does not take what it is offered at once.
class Stream::Behind final : public Holder {
 public:
  explicit Behind(Stream& stream) : Holder(stream.shard().holders()), stream_(stream) { begin_period(); }

  bool admits_what_was_written() const noexcept { return backlog_.admits(fresh(), stream_.limit_); }
  void taken(std::size_t bytes) noexcept {
    waiting_ -= std::min(waiting_, bytes);
    taken_ += bytes;
  }
  /// REQUIRES: the queue has been kept.
  bool end_turn() noexcept {
    auto const held = stream_.out_.held();
    auto const in_time = backlog_.end_turn(fresh(), held, stream_.limit_);
    hold(held);
    waiting_ = stream_.out_.bytes();
    return in_time;
  }
  void shed() noexcept override {
    stream_.ending_ = Ending::shed;
    stream_.out_.clear();
    stream_.make_dirty();
  }

 private:
  // Who lets us keep something takes at least this much of it in this time.
  static constexpr std::size_t least_taken = 16 * 1024;
  static constexpr std::chrono::seconds period{60};

  std::size_t fresh() const noexcept { return stream_.out_.bytes() - waiting_; }
  void begin_period() {
    taken_ = 0;
    due_ = std::min(stream_.out_.bytes(), least_taken);
    stream_.shard().start(deadline_, period);
  }
  void on_deadline() {
    // The kernel tells of room only when there is much of it; what a slow reader has taken shows when more is
    // offered.
    auto& stream = stream_;
    stream.flush();
    if (stream.behind_.get() != this) return;
    if (taken_ < due_) return stream.lost(std::make_error_code(std::errc::timed_out));
    begin_period();
  }

  Stream& stream_;
  Backlog backlog_;
  std::size_t waiting_ = 0;  // bytes that earlier turns have left
  std::size_t taken_ = 0;    // in this period
  std::size_t due_ = 0;      // of what waited at its beginning
  Timer deadline_ = Timer::calling<&Behind::on_deadline>(this);
};

Stream::Stream(Shard& shard) noexcept : shard_(&shard), is_connection_(true) {
  shard.counts().connections.fetch_add(1, std::memory_order_relaxed);
}

Stream::Stream(Shard& shard, Layer) noexcept : shard_(&shard) {}

Stream::~Stream() {
  if (is_connection_) shard_->counts().connections.fetch_sub(1, std::memory_order_relaxed);
}

void Stream::move_to(Shard& shard) noexcept {
  if (is_connection_) {
    shard_->counts().connections.fetch_sub(1, std::memory_order_relaxed);
    shard.counts().connections.fetch_add(1, std::memory_order_relaxed);
  }
  shard_ = &shard;
}

void Stream::write(std::string_view bytes) {
  if (!takes_writes() || bytes.empty()) return;
  leave_burst();
  out_.append(bytes, shard_->common_chunk());
  touched();
}

void Stream::write(ChunkRef chunk) {
  if (!takes_writes()) return;
  leave_burst();
  out_.append(std::move(chunk));
  touched();
}

char* Stream::prepare(std::size_t size) {
  leave_burst();
  return out_.prepare(size, shard_->common_chunk());
}

void Stream::commit(std::size_t size) {
  out_.commit(size);
  if (!takes_writes()) {
    out_.clear();
    return;
  }
  touched();
}

void Stream::join(Burst& burst, std::uint32_t begin) {
  if (!takes_writes()) return;
  leave_burst();
  out_.append_open(burst.chunk_, begin);
  touched();
}

void Stream::leave_open_burst() {
  if (auto* burst = out_.close_open()) burst->left_.push_back(this);
}

void Stream::make_dirty() {
  if (dirty_) return;
  shard_->at_end().write(*this);
  dirty_ = true;
}

void Stream::touched() {
  if (behind_ || out_.bytes() >= early_flush) [[unlikely]]
    return touched_with_much_queued();
  make_dirty();
}

void Stream::touched_with_much_queued() {
  make_dirty();
  if (behind_) {
    if (behind_->admits_what_was_written()) return;
    // However much more is written in this turn, it costs no memory: the peer is lost already.
    ending_ = Ending::overflowed;
    out_.clear();
    return;
  }
  // What there is to tell the handler is told at the end of the turn: nobody expects to be closed by a write.
  std::error_code found_again_then;
  send_queued(found_again_then);
}

void Stream::flush() {
  if (closed_) return;
  auto const was_behind = behind_ != nullptr;
  std::error_code error;
  send_queued(error);
  // The usual end: everything was taken, and nothing else is to be done.
  if (!was_behind && !behind_ && ending_ == Ending::no && !error) return;
  if (ending_ == Ending::failed) error = std::make_error_code(std::errc::io_error);
  if (error) {
    lost(error);
    return;
  }
  if (ending_ == Ending::peer_ended) {
    if (!outlives_release()) end_output();
    lost({});
    return;
  }
  if (behind_ && !behind_->end_turn() && ending_ == Ending::no) ending_ = Ending::overflowed;
  if (ending_ == Ending::overflowed || ending_ == Ending::shed) {
    drop_queue();
    if (handler_ != nullptr) handler_->on_overflow();
    return;
  }
  if (behind_) {
    if (was_behind && ending_ == Ending::no && handler_ != nullptr) handler_->on_progress();
    return;
  }
  if (ending_ == Ending::finished) {
    end_output();
    if (peer_ended_) lost({});
  } else if (was_behind && handler_ != nullptr) {
    handler_->on_drained();
  }
}

void Stream::send_queued(std::error_code& error) {
  leave_burst();
  while (!out_.empty()) {
    std::array<iovec, 64> parts;
    auto const count = out_.gather(parts);
    auto const sent = transmit({parts.data(), count}, error);
    if (error || sent == 0) break;
    out_.consume(sent);
    if (behind_) behind_->taken(sent);
  }
  if (!out_.empty()) {
    out_.keep();
    if (!behind_) {
      behind_ = std::make_unique<Behind>(*this);
      watch_writable(true);
    }
  } else if (behind_) {
    drop_queue();
  }
}

// This and the next are kept apart, so that the way without a sender is compiled as if there were none.
[[gnu::cold]] void Stream::taken(std::size_t bytes) noexcept {
  out_.consume(bytes);
  if (behind_) behind_->taken(bytes);
}

[[gnu::cold]] void Stream::offer(JointSender& sender) noexcept {
  if (closed_ || behind_ || out_.empty()) return;
  auto const socket = plain_socket();
  if (socket < 0) return;
  leave_burst();
  std::array<iovec, 2> parts;
  if (out_.gather(parts) == 1)
    sender.add(socket, {static_cast<char const*>(parts[0].iov_base), parts[0].iov_len}, *this);
}

void Stream::drop_queue() {
  out_.clear();
  if (std::exchange(behind_, nullptr)) watch_writable(false);
}

void Stream::end_of_input() {
  if (closed_ || std::exchange(peer_ended_, true)) return;
  if (ending_ == Ending::no && handler_ != nullptr && handler_->on_end()) return;
  if (closed_) return;
  if (ending_ == Ending::no) ending_ = Ending::peer_ended;
  make_dirty();
}

void Stream::lost_later() {
  if (closed_) return;
  ending_ = Ending::failed;
  out_.clear();
  make_dirty();
}

void Stream::lost(std::error_code reason) {
  if (closed_) return;
  auto* const handler = handler_;
  close();
  if (handler != nullptr) handler->on_closed(reason);
}

void Stream::close() noexcept {
  if (closed_) return;
  closed_ = true;
  handler_ = nullptr;
  out_.clear();
  behind_.reset();
  release();
}

/// False if some has to wait for the peer.
bool Stream::send_everything() {
  std::error_code error;
  send_queued(error);
  return error || out_.empty();
}

void Stream::finish(std::unique_ptr<Stream> stream, bool peer_has_ended) {
  auto& shard = stream->shard();
  if (!stream->closed_ && (peer_has_ended || stream->peer_ended_) && stream->outlives_release() &&
      stream->send_everything())
    stream->close();
  if (stream->closed_) {
    shard.retire(std::move(stream));
    return;
  }
  stream->ending_ = Ending::finished;
  try {
    stream->make_dirty();
    auto lingering = std::make_unique<Lingering>(std::move(stream));
    auto& begun = *lingering;
    shard.adopt(std::move(lingering));
    begun.begin();
  } catch (...) {
    // Without memory to wait for the peer its last bytes may be lost. Whoever ends the stream may be called
    // by it.
    if (!stream) return;
    stream->close();
    shard.retire(std::move(stream));
  }
}

}}}  // namespace aerie::v1::core
