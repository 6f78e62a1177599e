#include "websocket/bounded_append.hpp"
#include "websocket/zlib_scratch.hpp"

#include <aerie/websocket/deflate.hpp>

#include <zlib.h>

#include <algorithm>
#include <new>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

/// From this size on what several connections are sent is compressed once for those, too, that have a window
/// of their own: it costs a client bytes, as it begins with an empty window, and fewer with every byte of it
/// (docs/performance.md).
constexpr std::size_t least_shared = 8 * 1024;

// zlib's flag for "between two blocks" in data_type after inflate.
constexpr int between_blocks = 128;

struct Inflated {
  Error error = Error::none;
  bool ended = false;  // The part's last byte ended a final block.
};

Inflated inflate_part(z_stream& stream, std::string_view part, std::size_t max_size, std::vector<char>& out) {
  Scratch scratch;
  set_input(stream, part);
  while (true) {
    set_output(stream, scratch);
    auto const status = inflate(&stream, Z_SYNC_FLUSH);
    auto const bytes = written(stream, scratch);
    if (bytes.size() > max_size - out.size()) return {.error = Error::message_too_big};
    bounded_append(out, bytes, max_size);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_STREAM_END) {
      inflateReset(&stream);
      if (stream.avail_in == 0) return {.ended = true};
      continue;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) return {.error = Error::invalid_compressed_data};
    if (stream.avail_out > 0) return {};
  }
}

Error inflate_message(z_stream& stream, std::string_view payload, std::size_t max_size,
                      std::vector<char>& out) {
  Inflated last;
  while (!payload.empty() && last.error == Error::none) {
    auto const part = payload.substr(0, max_part);
    payload.remove_prefix(part.size());
    last = inflate_part(stream, part, max_size, out);
  }
  if (last.error != Error::none || last.ended) return last.error;
  auto const size = out.size();
  last = inflate_part(stream, flush_tail, max_size, out);
  if (last.error != Error::none) return last.error;
  // A payload that stops within a block takes the tail for its data.
  auto const is_whole = out.size() == size && (stream.data_type & between_blocks) != 0;
  return is_whole ? Error::none : Error::invalid_compressed_data;
}

}  // namespace

Deflate::Deflate(Role role, DeflateParameters const& agreed, DeflateOptions const& options,
                 DeflateContexts* shared)
    : shared_(shared), options_(options) {
  auto const server = role == Role::server;
  out_window_bits_ = server ? agreed.server_max_window_bits : agreed.client_max_window_bits;
  in_window_bits_ = server ? agreed.client_max_window_bits : agreed.server_max_window_bits;
  keep_out_context_ = !(server ? agreed.server_no_context_takeover : agreed.client_no_context_takeover);
  keep_in_context_ = !(server ? agreed.client_no_context_takeover : agreed.server_no_context_takeover);
}

Deflate::Deflate(Role role, DeflateParameters const& agreed, DeflateOptions const& options,
                 DeflateContexts& shared, core::Account& account)
    : Deflate(role, agreed, options, &shared) {
  charge_.emplace(account, 0);
}

void Deflate::hold(std::size_t bytes) noexcept {
  if (charge_) charge_->resize(charge_->bytes() + bytes);
}

z_stream_s& Deflate::compressor() {
  if (!compressor_) {
    compressor_ = make_deflate_context(out_window_bits_, options_);
    hold(deflate_context_memory(out_window_bits_, options_));
  }
  return *compressor_;
}

z_stream_s& Deflate::decompressor() {
  if (!keep_in_context_ && shared_ != nullptr) return shared_->decompressor();
  if (!decompressor_) {
    decompressor_ = make_inflate_context(in_window_bits_);
    hold(inflate_context_memory(in_window_bits_));
  }
  return *decompressor_;
}

void Deflate::compress(std::string_view message, std::string& out) {
  if (message.empty()) {
    out += '\0';  // RFC 7692 §7.2.3.6; zlib would not flush twice without input.
    return;
  }
  if (!keep_out_context_ && shared_ != nullptr) {
    out += shared_->compress(out_window_bits_, message);
    return;
  }
  if (shared_ != nullptr && message.size() >= least_shared) {
    if (auto const compressed = shared_->compress_repeated(out_window_bits_, message)) {
      out += *compressed;
      // One that does not exist yet begins with an empty window, which refers to nothing.
      if (compressor_) add_to_window(*compressor_, message);
      return;
    }
  }
  append_compressed(compressor(), message, out);
  if (!keep_out_context_) compressor_.reset();
}

Error Deflate::decompress(std::span<char const> payload, std::size_t max_size, std::vector<char>& out) {
  out.clear();
  if (payload.empty()) return Error::none;
  auto const error = inflate_message(decompressor(), {payload.data(), payload.size()}, max_size, out);
  if (!keep_in_context_) decompressor_.reset();
  return error;
}

}}}  // namespace aerie::v1::websocket
