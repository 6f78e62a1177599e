#include <aerie/core/base64.hpp>

#include <gtest/gtest.h>

namespace base64 = aerie::base64;

namespace {

struct Pair {
  std::string_view bytes;
  std::string_view text;
};

// RFC 4648 §10, and bytes that use every last character of the alphabet.
constexpr Pair standard_pairs[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/"},
};

TEST(Base64, EncodesTheExamplesOfTheRfc) {
  for (auto const& [bytes, text] : standard_pairs)
    EXPECT_EQ(base64::encode(bytes), text);
}

TEST(Base64, DecodesTheExamplesOfTheRfc) {
  for (auto const& [bytes, text] : standard_pairs)
    EXPECT_EQ(base64::decode(text), bytes);
}

TEST(Base64, RoundTripsEveryLengthInBothAlphabets) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(base64::decode(base64::encode(bytes)), bytes);
    EXPECT_EQ(base64::decode_url(base64::encode_url(bytes)), bytes);
    EXPECT_EQ(base64::encode(bytes).size(), base64::encoded_size(bytes.size()));
    bytes.push_back(static_cast<char>(i * 7));
  }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  constexpr std::string_view refused[] = {
      "Z",    "Zg",   "Zg=",   "Zh==", "Zm9=", "Zg===",    "=",          "====", "Zm9v\n",
      "Zm 9", "Z=g=", "Zm9v=", "+_+/", "-/+/", "Zg==Zg==", "\xc3\xa9==", "Z==="};
  for (std::string_view const text : refused)
    EXPECT_EQ(base64::decode(text), std::nullopt) << text;
}

TEST(Base64, UrlAlphabetHasNoPaddingAndNoStandardCharacters) {
  EXPECT_EQ(base64::encode_url("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(base64::encode_url("f"), "Zg");
  constexpr std::string_view refused[] = {"Zg==",  "Zm8=", "+/+/",   "Z",  "Zh",
                                          "Zm9v ", " Zm9", "Zm9v\n", "Zm9"};
  for (std::string_view const text : refused)
    EXPECT_EQ(base64::decode_url(text), std::nullopt) << text;
}

TEST(Base64, ARefusedTextLeavesTheOutputAsItWas) {
  std::string out = "before";
  EXPECT_FALSE(base64::append_decoded(out, "Zm9v!!!!"));
  EXPECT_EQ(out, "before");
  EXPECT_TRUE(base64::append_decoded(out, "Zm9v"));
  EXPECT_EQ(out, "beforefoo");
}

}  // namespace
