#include "images.hpp"

#include <aerie/core/hex.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace chat::test { namespace {

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    while (hex[i] == ' ')
      hex.remove_prefix(1);
    bytes.push_back(
        static_cast<char>(aerie::core::hex_digit(hex[i]) * 16 + aerie::core::hex_digit(hex[i + 1])));
  }
  return bytes;
}

/// Made by programs of their own, cut off behind what is looked at.
std::string const png = bytes_of("89504e470d0a1a0a0000000d4948445200000003000001050806000000aabbccdd");
std::string const gif = bytes_of("474946383961030005010000ff");
std::string const jpeg =
    bytes_of("ffd8ffe000104a46494600010100000100010000ffffdb000401ffffc0000b080105000301011100");
std::string const lossy_webp = bytes_of("52494646240000005745425056503820180000003001009d012a030005010200");
std::string const lossless_webp =
    bytes_of("524946461a000000574542505650384c0d0000002f0200410000000000000000");
std::string const large_webp = bytes_of("524946461a00000057454250565038580a00000010000000020000040100 0000");

TEST(ImagesTest, KnowsTheirKindAndSizeByTheirBytes) {
  using images::Format;
  EXPECT_EQ(images::format_of(png), (Format{"image/png", 3, 261}));
  EXPECT_EQ(images::format_of(gif), (Format{"image/gif", 3, 261}));
  EXPECT_EQ(images::format_of(jpeg), (Format{"image/jpeg", 3, 261}));
  EXPECT_EQ(images::format_of(lossy_webp), (Format{"image/webp", 3, 261}));
  EXPECT_EQ(images::format_of(lossless_webp), (Format{"image/webp", 3, 261}));
  EXPECT_EQ(images::format_of(large_webp), (Format{"image/webp", 3, 261}));
}

TEST(ImagesTest, KnowsNothingThatIsCutOff) {
  for (auto const& whole : {png, gif, jpeg, lossy_webp, lossless_webp, large_webp})
    for (std::size_t size = 0; size < 12; ++size)
      EXPECT_FALSE(images::format_of(std::string_view(whole).substr(0, size))) << aerie::core::hex(whole);
  for (std::size_t size = 0; size < png.size(); ++size)
    EXPECT_FALSE(images::format_of(std::string_view(png).substr(0, size)));
  for (std::size_t size = 0; size + 10 < jpeg.size(); ++size)
    EXPECT_FALSE(images::format_of(std::string_view(jpeg).substr(0, size)));
}

TEST(ImagesTest, TakesNothingElse) {
  auto flat = png;
  flat[19] = 0;
  auto wide = png;
  wide[16] = 1;
  for (std::string const& other :
       {std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"), std::string("<?xml version='1.0'?><svg/>"),
        std::string("<html><script>alert(1)</script>"), std::string("BM") + std::string(60, 'x'), flat, wide,
        // The picture itself before its size, and a segment of no length.
        bytes_of("ffd8ffda000c0301000200000000000000000000"),
        bytes_of("ffd8ffe00000ffc0000b08010500030101")}) {
    EXPECT_FALSE(images::format_of(other)) << other;
  }
}

}}  // namespace chat::test
