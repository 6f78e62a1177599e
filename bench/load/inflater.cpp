#include "load/inflater.hpp"

#include <zlib.h>

#include <new>
#include <stdexcept>

namespace load {

void Inflater::End::operator()(z_stream_s* stream) const noexcept {
  ::inflateEnd(stream);
  delete stream;
}

Inflater::Inflater() {
  auto stream = std::make_unique<z_stream>();
  if (::inflateInit2(stream.get(), -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
}

std::string_view Inflater::inflate(std::string_view payload) {
  message_.clear();
  feed(payload);
  feed(std::string_view("\0\0\xff\xff", 4));
  return message_;
}

void Inflater::feed(std::string_view bytes) {
  constexpr std::size_t step = 4096;
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  do {
    auto const size = message_.size();
    message_.resize(size + step);
    stream_->next_out = reinterpret_cast<Bytef*>(message_.data() + size);
    stream_->avail_out = step;
    auto const result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    message_.resize(size + step - stream_->avail_out);
    if (result != Z_OK && result != Z_BUF_ERROR)
      throw std::runtime_error("a message was not compressed rightly");
  } while (stream_->avail_out == 0);
}

}  // namespace load
