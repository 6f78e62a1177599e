#include <aerie/http/compression.hpp>

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <new>

namespace aerie { inline namespace v1 { namespace http {

namespace {

// One raw stream makes both of zlib's formats, which differ in what stands around it.
constexpr int raw_window = -15;
constexpr int usual_memory = 8;
// 2^(window + 2) and 2^(memory + 9) bytes (zconf.h), and the stream's own state.
constexpr std::size_t deflater_memory = (std::size_t{1} << 17U) + (std::size_t{1} << 17U) + 8 * 1024;

// As fast as zlib at its usual level, and smaller.
constexpr int brotli_quality = 5;
constexpr int smallest_brotli_window = 16;
constexpr int largest_brotli_window = 19;

// RFC 1952 §2.3: no name, no time, made on Unix.
constexpr std::string_view gzip_head("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
// RFC 1950 §2.2: a window of 32 KiB, the default level.
constexpr std::string_view zlib_head("\x78\x9c", 2);

void append_little_endian(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out.push_back(static_cast<char>(value >> shift & 255U));
}

void append_big_endian(std::string& out, std::uint32_t value) {
  for (unsigned shift = 32; shift != 0; shift -= 8)
    out.push_back(static_cast<char>(value >> (shift - 8) & 255U));
}

Bytef const* bytes(std::string_view text) noexcept {
  return reinterpret_cast<Bytef const*>(text.data());
}

void compress_brotli(std::string_view body, std::string& out) {
  auto const window = std::clamp(static_cast<int>(std::bit_width(body.size())), smallest_brotli_window,
                                 largest_brotli_window);
  auto const begin = out.size();
  auto size = BrotliEncoderMaxCompressedSize(body.size());
  out.resize(begin + size);
  auto const done = BrotliEncoderCompress(brotli_quality, window, BROTLI_MODE_TEXT, body.size(),
                                          reinterpret_cast<std::uint8_t const*>(body.data()), &size,
                                          reinterpret_cast<std::uint8_t*>(out.data() + begin));
  if (done != BROTLI_TRUE) throw std::bad_alloc();
  out.resize(begin + size);
}

}  // namespace

void Compressor::End::operator()(z_stream_s* stream) const noexcept {
  deflateEnd(stream);
  delete stream;
}

std::size_t Compressor::memory() const noexcept {
  return deflater_ ? deflater_memory : 0;
}

void Compressor::deflate_whole(std::string_view body, std::string& out) {
  if (deflater_) {
    deflateReset(deflater_.get());
  } else {
    auto made = std::make_unique<z_stream>();
    if (deflateInit2(made.get(), level_, Z_DEFLATED, raw_window, usual_memory, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
    deflater_.reset(made.release());
  }
  auto& stream = *deflater_;
  // zlib counts in 32 bits.
  constexpr std::size_t most_at_once = std::size_t{1} << 30U;
  std::array<char, 16 * 1024> scratch;
  do {
    auto const part = body.substr(0, most_at_once);
    body.remove_prefix(part.size());
    stream.next_in = const_cast<Bytef*>(bytes(part));
    stream.avail_in = static_cast<uInt>(part.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(scratch.data());
      stream.avail_out = static_cast<uInt>(scratch.size());
      deflate(&stream, body.empty() ? Z_FINISH : Z_NO_FLUSH);
      out.append(scratch.data(), scratch.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  } while (!body.empty());
}

void Compressor::compress(ContentCoding coding, std::string_view body, std::string& out) {
  switch (coding) {
    case ContentCoding::identity:
      out.append(body);
      return;
    case ContentCoding::brotli:
      return compress_brotli(body, out);
    case ContentCoding::gzip:
      out.append(gzip_head);
      deflate_whole(body, out);
      append_little_endian(out, static_cast<std::uint32_t>(crc32_z(0, bytes(body), body.size())));
      append_little_endian(out, static_cast<std::uint32_t>(body.size()));
      return;
    case ContentCoding::deflate:
      out.append(zlib_head);
      deflate_whole(body, out);
      append_big_endian(out, static_cast<std::uint32_t>(adler32_z(1, bytes(body), body.size())));
      return;
  }
}

}}}  // namespace aerie::v1::http
