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

struct Lenient {
  std::string_view text;
  std::string_view hex;
};

// What Node.js makes of them: `Buffer.from(text, "base64").toString("hex")`, 20.20.
constexpr Lenient lenient_cases[] = {
    {"", ""},
    {"Zg==", "66"},
    {"Zg", "66"},
    {"Zg=", "66"},
    {"Zm9v", "666f6f"},
    {"Zm9vYmFy", "666f6f626172"},
    {"Zm9v\nYmFy\n", "666f6f626172"},
    {"Zm9v\r\nYmFy\r\n", "666f6f626172"},
    {" Z m 9 v ", "666f6f"},
    {"Zm9vYmE", "666f6f6261"},
    {"Zm9vYg", "666f6f62"},
    {"Zm9vY", "666f6f"},
    {"Z", ""},
    {"Z===", ""},
    {"====", ""},
    {"=Zm9v", ""},
    {"Zm=9v", "66"},
    {"Zm9v=YmFy", "666f6f"},
    {"Zg==Zg==", "66"},
    {"+_-/", "fbffbf"},
    {"-_-_", "fbffbf"},
    {"+/+/", "fbffbf"},
    {"Zh==", "66"},
    {"Zm9=", "666f"},
    {"!!!!", ""},
    {"Z!m!9!v", "666f6f"},
    {"Zm9v\tYmFy\013", "666f6f626172"},
    {"AAAAA", "000000"},
    {"\303\251Zm9v\303\251", "666f6f"},
    {"Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy\nZm9v\n",
     "666f6f626172666f6f626172666f6f626172666f6f626172666f6f626172666f6f626172666f6f626172666f6f626172666f6f6"
     "26172666f6f"},
    {"Zm9v====YmFy", "666f6f"},
    {"Zm\n9v\nYm\nFy", "666f6f626172"},
    {"Zm9vYg=\n=", "666f6f62"},
    {"Zm9vYg\n==", "666f6f62"},
    {"%5a%6d", "e5ae9d"},
    {"Zm9v.", "666f6f"},
    {"..Zm9v", "666f6f"},
    {"Zm9vYmF=\n", "666f6f6261"},
    {"\177Zm9v", "666f6f"},
    {"A-B_C+D/", "03e07f0be0ff"},
};

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned>(static_cast<unsigned char>(c));
    for (auto const digit : {byte >> 4U, byte & 15U})
      hex.push_back("0123456789abcdef"[digit]);
  }
  return hex;
}

TEST(Base64, IsReadLenientlyAsNodeReadsIt) {
  for (auto const& [text, hex] : lenient_cases) {
    std::string out = "before";
    base64::append_decoded_leniently(out, text);
    EXPECT_EQ(out.substr(0, 6), "before") << text;
    EXPECT_EQ(hex_of(out.substr(6)), hex) << text;
  }
}

TEST(Base64, IsReadLenientlyInLinesOfAnyLength) {
  std::string bytes;
  for (int i = 0; i < 200; ++i)
    bytes.push_back(static_cast<char>(i * 7));
  auto const text = base64::encode(bytes);
  for (std::size_t width = 1; width < 80; ++width) {
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += width)
      lines += text.substr(at, width) + "\n";
    std::string out;
    base64::append_decoded_leniently(out, lines);
    EXPECT_EQ(out, bytes) << width;
  }
}

}  // namespace
