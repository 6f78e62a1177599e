#include "core/lingering.hpp"

#include <aerie/core/burst.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

// More than this in one turn is written at once instead of at its end, so that a handler which sends a lot to
// a healthy peer does not look like one that sends to a slow peer.
constexpr std::size_t early_flush = 256 * 1024;

}  // namespace

Stream::~Stream() = default;

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

void Stream::leave_burst() {
  if (auto* burst = out_.close_open()) burst->left_.push_back(this);
}

void Stream::make_dirty() {
  if (std::exchange(dirty_, true)) return;
  shard_->at_end().write(*this);
}

void Stream::touched() {
  make_dirty();
  if (blocked_ && out_.backlog() > limit_) {
    // However much more is written in this turn, it costs no memory: the peer is lost already.
    overflowed_ = true;
    out_.clear();
    return;
  }
  if (out_.bytes() < early_flush || blocked_) return;
  // What there is to tell the handler is told at the end of the turn: nobody expects to be closed by a write.
  std::error_code found_again_then;
  send_queued(found_again_then);
}

void Stream::flush() {
  if (closed_) return;
  auto const was_blocked = blocked_;
  std::error_code error;
  send_queued(error);
  if (error) {
    lost(error);
    return;
  }
  if (giving_up_) {
    if (!outlives_release()) end_output();
    lost({});
    return;
  }
  if (overflowed_ || (blocked_ && out_.backlog() > limit_)) {
    if (handler_ != nullptr) handler_->on_overflow();
    return;
  }
  if (blocked_) return;
  if (ending_) {
    end_output();
    if (peer_ended_) lost({});
  } else if (was_blocked && handler_ != nullptr) {
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
  }
  if (!out_.empty()) out_.keep();
  if (blocked_ == out_.empty()) watch_writable(blocked_ = !out_.empty());
}

void Stream::end_of_input() {
  if (closed_ || std::exchange(peer_ended_, true)) return;
  if (!ending_ && handler_ != nullptr && handler_->on_end()) return;
  if (closed_) return;
  giving_up_ = !ending_;
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
  stream->ending_ = true;
  stream->giving_up_ = false;
  stream->make_dirty();
  shard.adopt(std::make_unique<Lingering>(std::move(stream)));
}

}}}  // namespace aerie::v1::core
