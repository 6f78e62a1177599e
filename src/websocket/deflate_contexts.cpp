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

void add_to_window(z_stream_s& context, std::string_view message) {
  auto const* const bytes = reinterpret_cast<Bytef const*>(message.data());
  // One that does not take it begins anew: an empty window refers to nothing.
  if (deflateSetDictionary(&context, bytes, static_cast<uInt>(message.size())) != Z_OK)
    deflateReset(&context);
}

void DeflateContexts::keep(Compressor& compressor, std::string_view message) {
  auto const before = kept(compressor);
  compressor.message.clear();
  compressor.compressed.clear();
  if (compressor.compressed.capacity() > largest_kept) compressor.compressed.shrink_to_fit();
  if (message.size() <= largest_kept) compressor.message = message;
  charge_.resize(charge_.bytes() + kept(compressor) - before);
}

std::string_view DeflateContexts::compressed(Compressor& compressor, int window_bits,
                                             std::string_view message) {
  auto& [context, last, made] = compressor;
  if (!made.empty()) return made;
  if (context) {
    deflateReset(context.get());
  } else {
    context = make_deflate_context(window_bits, options_);
    charge_.resize(charge_.bytes() + deflate_context_memory(window_bits, options_));
  }
  auto const before = kept(compressor);
  try {
    append_compressed(*context, message, made);
  } catch (...) {
    // Half of it is nothing.
    made.clear();
    throw;
  }
  ++compressions_;
  charge_.resize(charge_.bytes() + kept(compressor) - before);
  return made;
}

std::string_view DeflateContexts::compress(int window_bits, std::string_view message) {
  auto& shared = compressor(window_bits);
  if (!is_last(shared, message)) keep(shared, message);
  return compressed(shared, window_bits, message);
}

std::optional<std::string_view> DeflateContexts::compress_repeated(int window_bits,
                                                                   std::string_view message) {
  auto& shared = compressor(window_bits);
  if (is_last(shared, message)) return compressed(shared, window_bits, message);
  keep(shared, message);
  return std::nullopt;
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
