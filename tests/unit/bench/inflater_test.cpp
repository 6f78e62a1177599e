#include "load/inflater.hpp"

#include "load/prose.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <stdexcept>
#include <string>

namespace load { namespace {

/// A server's messages, by RFC 7692 §7.2.1.
class Deflater {
 public:
  Deflater() { EXPECT_EQ(::deflateInit2(&stream_, -1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK); }
  ~Deflater() { ::deflateEnd(&stream_); }
  Deflater(Deflater const&) = delete;
  Deflater& operator=(Deflater const&) = delete;

  std::string deflate(std::string_view message) {
    std::string payload(::deflateBound(&stream_, message.size()) + 16, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
    stream_.avail_in = static_cast<uInt>(message.size());
    stream_.next_out = reinterpret_cast<Bytef*>(payload.data());
    stream_.avail_out = static_cast<uInt>(payload.size());
    EXPECT_EQ(::deflate(&stream_, Z_SYNC_FLUSH), Z_OK);
    payload.resize(payload.size() - stream_.avail_out);
    EXPECT_TRUE(payload.ends_with(std::string_view("\0\0\xff\xff", 4)));
    payload.resize(payload.size() - 4);
    return payload;
  }
  void forget() { ::deflateReset(&stream_); }

 private:
  z_stream stream_{};
};

TEST(Inflater, ReadsMessagesOfAnySizeWithTheContextOfThoseBefore) {
  Deflater server;
  Inflater client;
  for (std::size_t const size : {1U, 1000U, 4095U, 4096U, 4097U, 8192U, 65536U, 1000U}) {
    SCOPED_TRACE(size);
    EXPECT_EQ(client.inflate(server.deflate(prose(size, size))), prose(size, size));
  }
}

TEST(Inflater, ReadsMessagesThatAreCompressedEachByItself) {
  Deflater server;
  Inflater client;
  for (std::size_t number = 0; number < 5; ++number) {
    EXPECT_EQ(client.inflate(server.deflate(prose(2000, number))), prose(2000, number));
    server.forget();
  }
}

TEST(Inflater, RefusesWhatIsNoDeflate) {
  Inflater client;
  EXPECT_THROW(client.inflate("\xff\xff\xff\xff"), std::runtime_error);
}

}}  // namespace load
