#include <aerie/http/compression.hpp>

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace aerie::http { namespace {

std::string inflated(std::string const& compressed, int window) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, window), Z_OK);
  std::string out(1'000'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(ChooseCoding, FollowsTheWeights) {
  struct Case {
    std::string_view accept;
    ContentCoding coding;
  };
  for (auto const& [accept, coding] :
       {Case{"", ContentCoding::identity}, Case{"gzip, deflate, br", ContentCoding::gzip},
        Case{"deflate", ContentCoding::deflate}, Case{"deflate, gzip;q=0.5", ContentCoding::deflate},
        Case{"GZIP;Q=0.001", ContentCoding::gzip}, Case{"gzip;q=0, deflate;q=0", ContentCoding::identity},
        Case{"gzip;q=0.000", ContentCoding::identity}, Case{"*", ContentCoding::gzip},
        Case{"*, gzip;q=0", ContentCoding::deflate}, Case{"identity", ContentCoding::identity},
        Case{"gzip;q=nonsense", ContentCoding::identity}, Case{"gzip;q=2", ContentCoding::identity},
        Case{"xgzip", ContentCoding::identity}, Case{",,;q=,gzip", ContentCoding::gzip}}) {
    EXPECT_EQ(to_string(choose_coding(accept)), to_string(coding)) << accept;
  }
}

TEST(Accepts, KnowsTheOtherCodingsToo) {
  EXPECT_TRUE(accepts("gzip, br", ContentCoding::brotli));
  EXPECT_FALSE(accepts("gzip", ContentCoding::brotli));
  EXPECT_TRUE(accepts("", ContentCoding::identity));
  EXPECT_FALSE(accepts("gzip, *;q=0", ContentCoding::identity));
}

TEST(Compress, AppendsWhatZlibReads) {
  std::string const text = std::string(5000, 'a') + "end";
  std::string out = "kept";
  compress(ContentCoding::gzip, text, out);
  EXPECT_EQ(out.substr(0, 4), "kept");
  EXPECT_LT(out.size(), 200U);
  EXPECT_EQ(inflated(out.substr(4), 15 + 16), text);
  out.clear();
  compress(ContentCoding::deflate, text, out, 1);
  EXPECT_EQ(inflated(out, 15), text);
  out.clear();
  compress(ContentCoding::gzip, "", out);
  EXPECT_EQ(inflated(out, 15 + 16), "");
}

}}  // namespace aerie::http
