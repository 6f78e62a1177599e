#include <aerie/websocket/deflate_contexts.hpp>

#include <zlib.h>

#include <new>

namespace aerie { inline namespace v1 { namespace websocket {

void EndDeflate::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  delete stream;
}

void EndInflate::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

// Negative window bits make zlib leave out its own header.
DeflateContext make_deflate_context(int window_bits, DeflateOptions const& options) {
  auto stream = std::make_unique<z_stream>();
  if (deflateInit2(stream.get(), options.level, Z_DEFLATED, -window_bits, options.mem_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  return DeflateContext(stream.release());
}

InflateContext make_inflate_context(int window_bits) {
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), -window_bits) != Z_OK) throw std::bad_alloc();
  return InflateContext(stream.release());
}

std::size_t deflate_context_memory(int window_bits, DeflateOptions const& options) {
  constexpr std::size_t own_state = 6 * 1024;
  return (std::size_t{1} << (window_bits + 2)) + (std::size_t{1} << (options.mem_level + 9)) + own_state;
}

std::size_t inflate_context_memory(int window_bits) {
  constexpr std::size_t own_state = 7 * 1024 + 512;
  return (std::size_t{1} << window_bits) + own_state;
}

z_stream_s& DeflateContexts::compressor(int window_bits) {
  auto& context = compressors_[static_cast<std::size_t>(window_bits - smallest_window)];
  if (context) {
    deflateReset(context.get());
  } else {
    context = make_deflate_context(window_bits, options_);
    charge_.resize(charge_.bytes() + deflate_context_memory(window_bits, options_));
  }
  return *context;
}

z_stream_s& DeflateContexts::decompressor() {
  if (decompressor_) {
    inflateReset(decompressor_.get());
  } else {
    decompressor_ = make_inflate_context(largest_window);
    charge_.resize(charge_.bytes() + inflate_context_memory(largest_window));
  }
  return *decompressor_;
}

}}}  // namespace aerie::v1::websocket
