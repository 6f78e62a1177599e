#include <aerie/engineio/packet.hpp>
#include <aerie/engineio/shared_messages.hpp>
#include <aerie/websocket/frame.hpp>

#include <algorithm>
#include <array>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

void append_header(std::string& out, websocket::Opcode opcode, std::size_t size) {
  std::array<char, websocket::max_unmasked_header_size> header;
  out.append(header.data(), websocket::encode_header(header.data(), opcode, size));
}

/// Room for more of the same: what a busy room is sent in one turn is usually alike.
std::size_t capacity_for(std::size_t size) {
  constexpr std::size_t least = 2048;
  constexpr std::size_t most = 64 * 1024;
  return std::max(size, std::clamp(size * 16, least, most));
}

}  // namespace

void SharedMessages::clear() {
  // One huge broadcast must not be remembered for ever.
  constexpr std::size_t much = 1U << 20U;
  if (frames_.capacity() > much && frames_.size() < frames_.capacity() / 4) frames_.shrink_to_fit();
  frames_.clear();
  chunk_ = {};
}

void SharedMessages::add_text(std::string_view text) {
  append_header(frames_, websocket::Opcode::text, text.size() + 1);
  frames_.push_back(static_cast<char>(PacketType::message));
  frames_.append(text);
}

void SharedMessages::add_binary(std::string_view bytes) {
  append_header(frames_, websocket::Opcode::binary, bytes.size());
  frames_.append(bytes);
}

core::ChunkRef const& SharedMessages::chunk() const {
  if (!chunk_) chunk_ = core::ChunkRef::copy(frames_);
  return chunk_;
}

SharedBurst::SharedBurst(core::Shard& shard, SharedMessages const& first)
    : frames_(shard, capacity_for(first.size())) {
  frames_.append(first.frames_);
}

bool SharedBurst::add(SharedMessages const& messages) {
  if (!frames_.has_room_for(messages.size())) return false;
  frames_.append(messages.frames_);
  return true;
}

}}}  // namespace aerie::v1::engineio
