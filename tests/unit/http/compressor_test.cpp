#include <aerie/http/compression.hpp>

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <string>

namespace aerie::http { namespace {

constexpr ContentCoding codings[]{ContentCoding::gzip, ContentCoding::deflate, ContentCoding::brotli};

/// What the official decoder of the coding reads; it must end exactly where `packed` does.
std::string unpacked(ContentCoding coding, std::string_view packed, std::size_t size) {
  std::string out(size + 1, '\0');
  if (coding == ContentCoding::brotli) {
    std::size_t length = out.size();
    EXPECT_EQ(BrotliDecoderDecompress(packed.size(), reinterpret_cast<std::uint8_t const*>(packed.data()),
                                      &length, reinterpret_cast<std::uint8_t*>(out.data())),
              BROTLI_DECODER_RESULT_SUCCESS);
    out.resize(length);
    return out;
  }
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, coding == ContentCoding::gzip ? 15 + 16 : 15), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END) << to_string(coding);
  EXPECT_EQ(stream.avail_in, 0U);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

/// Text that compresses, but not to nothing.
std::string lines(std::size_t size) {
  std::string text;
  for (std::uint32_t i = 1; text.size() < size; i = i * 1'664'525 + 1'013'904'223)
    text.append("line ").append(std::to_string(i)).push_back('\n');
  text.resize(size);
  return text;
}

TEST(Compressor, MakesWhatTheOfficialDecodersRead) {
  Compressor compressor;
  for (auto const coding : codings) {
    for (std::size_t const size : {0, 1, 1000, 16 * 1024, 65'535, 65'536, 1'000'000}) {
      auto const text = lines(size);
      std::string out = "kept";
      compressor.compress(coding, text, out);
      ASSERT_EQ(out.substr(0, 4), "kept");
      EXPECT_EQ(unpacked(coding, out.substr(4), size), text) << to_string(coding) << ' ' << size;
      EXPECT_TRUE(size < 1000 || out.size() < size * 3 / 4) << to_string(coding) << ' ' << size;
    }
  }
}

TEST(Compressor, BeginsAnewWithEachBody) {
  Compressor compressor;
  for (auto const coding : codings) {
    std::string first;
    std::string between;
    std::string second;
    compressor.compress(coding, lines(5000), first);
    compressor.compress(codings[0], "something else", between);
    compressor.compress(coding, lines(5000), second);
    EXPECT_EQ(second, first) << to_string(coding);
  }
}

TEST(Compressor, HoldsMemoryFromTheFirstBodyOnAndNoMoreWithFurtherOnes) {
  Compressor compressor;
  EXPECT_EQ(compressor.memory(), 0U);
  std::string out;
  compressor.compress(ContentCoding::brotli, lines(100'000), out);
  EXPECT_EQ(compressor.memory(), 0U) << "an encoder of brotli is not kept";
  compressor.compress(ContentCoding::gzip, "a", out);
  auto const held = compressor.memory();
  EXPECT_GT(held, 0U);
  compressor.compress(ContentCoding::deflate, lines(100'000), out);
  EXPECT_EQ(compressor.memory(), held);
}

TEST(Compressor, TakesNothingOfWhatIsSentAsItIs) {
  std::string out;
  Compressor().compress(ContentCoding::identity, "as it is", out);
  EXPECT_EQ(out, "as it is");
}

}}  // namespace aerie::http
