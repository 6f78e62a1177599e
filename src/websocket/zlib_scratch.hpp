#pragma once

#include <zlib.h>

#include <array>
#include <span>
#include <string_view>

namespace aerie { inline namespace v1 { namespace websocket {

/// What a flushed deflate stream ends with and what travels without it (RFC 7692 §7.2.1).
inline constexpr std::string_view flush_tail("\x00\x00\xff\xff", 4);

/// zlib counts in 32 bits.
inline constexpr std::size_t max_part = std::size_t{1} << 30;

using Scratch = std::array<char, 16 * 1024>;

inline void set_input(z_stream& stream, std::string_view bytes) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

inline void set_output(z_stream& stream, Scratch& scratch) {
  stream.next_out = reinterpret_cast<Bytef*>(scratch.data());
  stream.avail_out = static_cast<uInt>(scratch.size());
}

inline std::span<char const> written(z_stream const& stream, Scratch const& scratch) {
  return std::span(scratch).first(scratch.size() - stream.avail_out);
}

}}}  // namespace aerie::v1::websocket
