/// \file
/// Fuzz target: bytes from a client, decoded as one read and in reads of the sizes that the input names, have
/// to give the same events, and the decoder may never hold more than its limit. `script/fuzz
/// websocket_frames` runs it.

#include "fuzz/require.hpp"

#include <aerie/websocket/peer.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace aerie::websocket;

constexpr std::size_t limit = 4096;

using aerie::fuzz::require;

/// A frame of any size is read as what it was written as.
void check_frame(std::string_view bytes) {
  std::string payload;
  for (auto const size : {std::size_t{1}, std::size_t{200}, std::size_t{70'000}}) {
    payload.assign(size, 'x').replace(0, std::min(size, bytes.size()), bytes.substr(0, size));
    char head[max_header_size];
    Mask const mask = 0x12345678;
    std::string frame(head, encode_masked_header(head, Opcode::binary, size, mask, {}));
    std::vector<char> memory(frame.begin(), frame.end());
    auto const begin = memory.size();
    memory.insert(memory.end(), payload.begin(), payload.end());
    apply_mask(std::span(memory).subspan(begin), mask);
    Peer peer({.max_message_size = 100'000, .max_fragments = 64}, nullptr);
    std::span<char> input(memory);
    auto const event = peer.receive(input, {});
    require(event.kind == PeerEvent::Kind::binary);
    require(std::string_view(event.payload.data(), event.payload.size()) == payload);
  }
}

std::string transcript(std::string_view bytes, std::string_view read_sizes, bool compressed) {
  auto deflate =
      compressed ? std::make_unique<Deflate>(Role::server, DeflateParameters{}, DeflateOptions{}) : nullptr;
  Peer peer({.max_message_size = limit, .max_fragments = 64}, std::move(deflate));
  std::string seen;
  for (std::size_t read = 0; !bytes.empty(); ++read) {
    auto const wanted = read_sizes.empty()
                            ? bytes.size()
                            : 1u + static_cast<unsigned char>(read_sizes[read % read_sizes.size()]);
    std::vector<char> memory(bytes.begin(),
                             bytes.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, bytes.size())));
    bytes.remove_prefix(memory.size());
    std::span<char> input(memory);
    while (true) {
      auto const event = peer.receive(input, {});
      require(peer.buffered_bytes() <= 2 * limit + 512);
      if (event.kind == PeerEvent::Kind::need_more) break;
      seen += "\n" + std::to_string(static_cast<int>(event.kind)) + " " +
              std::to_string(static_cast<int>(event.code)) + " " +
              std::to_string(static_cast<int>(event.error)) + " ";
      seen.append(event.payload.begin(), event.payload.end());
      char frame[max_control_frame];
      while (auto const size = peer.take_output(frame))
        seen.append(" > ").append(frame, size);
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 4) return 0;
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  auto const compressed = (all[0] & 1) != 0;
  auto const read_sizes = all.substr(1, 3);
  auto const bytes = all.substr(4);
  check_frame(bytes);
  require(transcript(bytes, {}, compressed) == transcript(bytes, read_sizes, compressed));
  return 0;
}
