#include "websocket/zlib_scratch.hpp"

#include <aerie/websocket/deflate_contexts.hpp>

#include <new>

namespace aerie { inline namespace v1 { namespace websocket {

namespace {

void deflate_part(z_stream& stream, std::string_view part, int flush, std::string& out) {
  Scratch scratch;
  set_input(stream, part);
  do {
    set_output(stream, scratch);
    deflate(&stream, flush);
    auto const bytes = written(stream, scratch);
    out.append(bytes.data(), bytes.size());
  } while (stream.avail_out == 0);
}

}  // namespace

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

void append_compressed(z_stream_s& context, std::string_view message, std::string& out) {
  while (message.size() > max_part) {
    deflate_part(context, message.substr(0, max_part), Z_NO_FLUSH, out);
    message.remove_prefix(max_part);
  }
  deflate_part(context, message, Z_SYNC_FLUSH, out);
  out.resize(out.size() - flush_tail.size());
}

std::string_view DeflateContexts::compress(int window_bits, std::string_view message) {
  auto& [context, last, compressed] = compressors_[static_cast<std::size_t>(window_bits - smallest_window)];
  if (!last.empty() && last == message) return compressed;
  auto const before = last.capacity() + compressed.capacity();
  last.clear();
  compressed.clear();
  if (compressed.capacity() > largest_kept) compressed.shrink_to_fit();
  std::size_t made = 0;
  if (context) {
    deflateReset(context.get());
  } else {
    context = make_deflate_context(window_bits, options_);
    made = deflate_context_memory(window_bits, options_);
  }
  append_compressed(*context, message, compressed);
  ++compressions_;
  if (message.size() <= largest_kept) last = message;
  charge_.resize(charge_.bytes() + made + last.capacity() + compressed.capacity() - before);
  return compressed;
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
