#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/websocket/link.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace websocket {

void Link::attach(std::unique_ptr<core::Stream> stream, std::size_t outgoing_limit) {
  stream_ = std::move(stream);
  stream_->set_limit(outgoing_limit);
  stream_->set_handler(this);
}

// --- What comes in

void Link::on_data(std::span<char> bytes) {
  while (stream_) {
    auto const event = peer_.receive(bytes, stream_->shard().now());
    switch (event.kind) {
      case PeerEvent::Kind::need_more:
        return;
      case PeerEvent::Kind::output:
        // What waits because the other end does not read goes out when it does again: `on_drained`.
        if (!stream_->blocked()) write_control_frames();
        break;
      case PeerEvent::Kind::text:
      case PeerEvent::Kind::binary:
        on_message(event);
        break;
      case PeerEvent::Kind::closed:
        write_control_frames();
        on_ended(event.error == Error::none ? LinkEnd::closed : LinkEnd::violation);
        return;
    }
  }
}

void Link::on_drained() {
  write_control_frames();
  on_progress();
}

void Link::on_closed(std::error_code) {
  on_ended(LinkEnd::lost);
}

void Link::on_overflow() {
  stream_->close();
  on_ended(LinkEnd::overflowed);
}

// --- What goes out

void Link::write(Opcode opcode, std::string_view prefix, std::string_view data, bool compress) {
  if (!stream_) return;
  auto* const deflate = peer_.deflate();
  if (compress && deflate != nullptr && deflate->is_worthwhile(prefix.size() + data.size())) {
    std::string compressed;
    deflate->compress(core::concat(prefix, data), compressed);
    append_frame(opcode, {}, compressed, {.compressed = true});
  } else {
    append_frame(opcode, prefix, data, {});
  }
}

void Link::append_frame(Opcode opcode, std::string_view prefix, std::string_view data, FrameFlags flags) {
  auto const size = prefix.size() + data.size();
  auto* const begin = stream_->prepare(max_unmasked_header_size + size);
  auto* at = begin + encode_header(begin, opcode, size, flags);
  at = std::copy(prefix.begin(), prefix.end(), at);
  at = std::copy(data.begin(), data.end(), at);
  stream_->commit(static_cast<std::size_t>(at - begin));
}

void Link::write_control_frames() {
  std::array<char, max_control_frame> frame;
  while (auto const size = peer_.take_output(frame))
    stream_->write({frame.data(), size});
}

// --- How it ends

void Link::close(CloseCode code, std::string_view reason) {
  if (!stream_) return;
  peer_.close(code, reason);
  write_control_frames();
}

void Link::finish(CloseCode code) {
  if (!stream_) return;
  if (!stream_->closed()) close(code);
  core::Stream::finish(std::move(stream_), peer_.has_heard_close());
}

void Link::cut() noexcept {
  if (!stream_) return;
  auto& shard = stream_->shard();
  stream_->close();
  shard.retire(std::move(stream_));
}

}}}  // namespace aerie::v1::websocket
