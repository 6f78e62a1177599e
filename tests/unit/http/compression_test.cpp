#include <aerie/http/compression.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string_view>
#include <utility>

namespace aerie::http { namespace {

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
        Case{"br", ContentCoding::brotli}, Case{"br;q=0.9, gzip;q=0.8", ContentCoding::brotli},
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

TEST(ChooseCoding, LetsTheHeadersOrderDecideAmongEquals) {
  for (auto const& [accept, coding] :
       {std::pair{"deflate, gzip", ContentCoding::deflate}, std::pair{"br, gzip", ContentCoding::brotli},
        std::pair{"*, br", ContentCoding::brotli}, std::pair{"gzip;q=0.1, *;q=0.2", ContentCoding::deflate},
        std::pair{"gzip;q=0.1, br;q=0.9, gzip", ContentCoding::gzip}}) {
    EXPECT_EQ(to_string(choose_coding(accept)), to_string(coding)) << accept;
  }
}

TEST(ChooseCoding, TakesNothingThatIsNotOffered) {
  EXPECT_EQ(choose_coding("*", codings_for_files), ContentCoding::brotli);
  EXPECT_EQ(choose_coding("br", std::array{ContentCoding::gzip}), ContentCoding::identity);
  EXPECT_EQ(choose_coding("gzip, deflate, br", codings_for_files, AmongEquals::offer), ContentCoding::brotli);
  EXPECT_EQ(choose_coding("gzip, br;q=0.9", codings_for_files, AmongEquals::offer), ContentCoding::gzip);
  EXPECT_EQ(choose_coding("gzip", {}), ContentCoding::identity);
}

}}  // namespace aerie::http
