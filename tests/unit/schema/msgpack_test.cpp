#include "unit/support/hex.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace msgpack_test { namespace {

namespace msgpack = aerie::msgpack;
using aerie::Bytes;
using aerie::Date;
using aerie::DecodeErrorCode;
using aerie::Value;

std::string hex(std::string_view bytes) {
  std::string text;
  for (char const c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
    text.push_back(digits[static_cast<unsigned char>(c) & 15U]);
  }
  return text;
}

using aerie::test::from_hex;

Date date(std::int64_t milliseconds) {
  return Date::from_milliseconds(milliseconds);
}

TEST(Msgpack, WritesTheShortestFormAndReadsItBack) {
  struct {
    Value value;
    std::string_view bytes;
  } const cases[] = {
      {nullptr, "c0"},
      {false, "c2"},
      {true, "c3"},
      {0, "00"},
      {127, "7f"},
      {128, "cc80"},
      {255, "ccff"},
      {256, "cd0100"},
      {65535, "cdffff"},
      {65536, "ce00010000"},
      {4294967295, "ceffffffff"},
      {4294967296, "cf0000000100000000"},
      {std::numeric_limits<std::int64_t>::max(), "cf7fffffffffffffff"},
      {-1, "ff"},
      {-32, "e0"},
      {-33, "d0df"},
      {-128, "d080"},
      {-129, "d1ff7f"},
      {-32768, "d18000"},
      {-32769, "d2ffff7fff"},
      {-2147483648LL, "d280000000"},
      {-2147483649LL, "d3ffffffff7fffffff"},
      {std::numeric_limits<std::int64_t>::min(), "d38000000000000000"},
      {1.5, "cb3ff8000000000000"},
      {-1e300, "cbfe37e43c8800759c"},
      {1e300, "cb7e37e43c8800759c"},
      {std::numeric_limits<double>::infinity(), "cb7ff0000000000000"},
      {"", "a0"},
      {"안녕", "a6ec9588eb8595"},
      {Bytes{1, 2, 255}, "c4030102ff"},
      {Value::array({1, "a"}), "9201a161"},
      {Value::object({{"a", 1}, {"b", Value::array()}}), "82a16101a16290"},
      {date(0), "d6ff00000000"},
      {date(4294967295000), "d6ffffffffff"},
      {date(1), "d7ff003d090000000000"},
      {date(4294967296000), "d7ff0000000100000000"},
      {date(-1), "c70cff3b8b87c0ffffffffffffffff"},
      {date(8640000000000000), "c70cff00000000000007dba8218000"},
  };
  for (auto const& [value, bytes] : cases) {
    std::string const packed = msgpack::pack(value);
    EXPECT_EQ(hex(packed), bytes);
    Value back;
    auto const result = msgpack::unpack(packed, back);
    ASSERT_TRUE(result.ok()) << bytes << ": " << result.error().to_string();
    EXPECT_TRUE(back == value) << bytes;
  }
}

TEST(Msgpack, WritesSizesInTheShortestForm) {
  struct {
    std::size_t size;
    std::string_view string;
    std::string_view bytes;
    std::string_view array;
  } const cases[] = {
      {15, "af", "c40f", "9f"},
      {16, "b0", "c410", "dc0010"},
      {31, "bf", "c41f", "dc001f"},
      {32, "d920", "c420", "dc0020"},
      {255, "d9ff", "c4ff", "dc00ff"},
      {256, "da0100", "c50100", "dc0100"},
      {65535, "daffff", "c5ffff", "dcffff"},
      {65536, "db00010000", "c600010000", "dd00010000"},
  };
  for (auto const& [size, string, bytes, array] : cases) {
    std::string const text(size, 'x');
    EXPECT_EQ(hex(msgpack::pack(text)), std::string(string) + hex(text));
    EXPECT_EQ(hex(msgpack::pack(Bytes(text))), std::string(bytes) + hex(text));
    std::vector<int> const zeros(size);
    EXPECT_EQ(hex(msgpack::pack(zeros)), std::string(array) + hex(std::string(size, '\0')));
    std::map<std::string, int> members;
    for (std::size_t i = 0; i < size; ++i)
      members[std::to_string(i)] = 0;
    std::map<std::string, int> back;
    ASSERT_TRUE(msgpack::unpack(msgpack::pack(members), back).ok());
    EXPECT_EQ(back, members);
  }
}

TEST(Msgpack, WritesWholeDoublesAsIntegers) {
  EXPECT_EQ(hex(msgpack::pack(3.0)), "03");
  EXPECT_EQ(hex(msgpack::pack(-0.0)), "00");
  EXPECT_EQ(hex(msgpack::pack(-1e10)), "d3fffffffdabf41c00");
  EXPECT_EQ(hex(msgpack::pack(9223372036854775808.0)), "cf8000000000000000");
}

TEST(Msgpack, KeepsFloatsAndRefusesWhatIsBeyondThem) {
  float number = 0;
  EXPECT_TRUE(msgpack::unpack(msgpack::pack(0.1F), number).ok());
  EXPECT_EQ(number, 0.1F);
  EXPECT_EQ(msgpack::pack(0.1F), msgpack::pack(0.1));
  EXPECT_TRUE(msgpack::unpack(msgpack::pack(std::numeric_limits<float>::infinity()), number).ok());
  EXPECT_EQ(number, std::numeric_limits<float>::infinity());
  auto const result = msgpack::unpack(msgpack::pack(1e300), number);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, DecodeErrorCode::out_of_range);
}

TEST(Msgpack, WritesNothingThatIsNoValue) {
  EXPECT_EQ(hex(msgpack::pack(Date())), "c0");
  EXPECT_EQ(hex(msgpack::pack(Value::array({Value()}))), "91c0");
  EXPECT_EQ(hex(msgpack::pack(Value::object({{"a", Value()}, {"b", 1}}))), "81a16201");
  EXPECT_EQ(hex(msgpack::pack(std::string_view("a\xED\xA0\xBDz\xFF"))), "a861efbfbd7aefbfbd");
  EXPECT_EQ(hex(msgpack::pack(std::numeric_limits<double>::quiet_NaN())), "cb7ff8000000000000");
}

TEST(Msgpack, ReadsTheOlderFormsOfNotepack) {
  struct {
    std::string_view bytes;
    Value expected;
  } const cases[] = {
      {"d40000", Value()},
      {"d7000000000000000005", date(5)},
      {"c703000102ff", Bytes{1, 2, 255}},
      {"ca3fc00000", 1.5},
      {"dc000101", Value::array({1})},
      {"df00000001a16101", Value::object({{"a", 1}})},
      {"dd00000000", Value::array()},
      {"da0001"
       "61",
       "a"},
      {"82a16101a16102", Value::object({{"a", 2}})},
  };
  for (auto const& [bytes, expected] : cases) {
    Value value;
    auto const result = msgpack::unpack(from_hex(bytes), value);
    ASSERT_TRUE(result.ok()) << bytes << ": " << result.error().to_string();
    EXPECT_TRUE(value == expected) << bytes;
  }
}

TEST(Msgpack, RefusesWhatIsNoMessage) {
  for (std::string_view const bytes : {"",
                                       "c1",
                                       "cc",
                                       "cd00",
                                       "cb00",
                                       "a2"
                                       "61",
                                       "d9ff61",
                                       "c4",
                                       "c40201",
                                       "92"
                                       "01",
                                       "81a161",
                                       "8101"
                                       "02",
                                       "dd7fffffff",
                                       "dfffffffff00",
                                       "0000",
                                       "a1ff",
                                       "a3eda0bd",
                                       "d50000",
                                       "d40101",
                                       "d4ff00",
                                       "d6ff0000",
                                       "c70bff0000000000000000000000",
                                       "c70c01000000000000000000000000",
                                       "c801",
                                       "d8",
                                       "81c0c0"}) {
    Value value;
    auto const result = msgpack::unpack(from_hex(bytes), value);
    ASSERT_FALSE(result.ok()) << bytes;
    EXPECT_EQ(result.error().code, DecodeErrorCode::syntax) << bytes;
    // What can't be read can't be skipped either, unless it is only followed by something.
    std::string const text = from_hex(bytes);
    msgpack::Reader reader(text);
    EXPECT_FALSE(reader.skip() && reader.finish()) << bytes;
  }
}

TEST(Msgpack, LimitsDepth) {
  for (std::string const& open : {std::string("\x91"), std::string("\x81\xA1x", 3)}) {
    std::string text;
    for (int i = 0; i < 512; ++i)
      text += open;
    Value value;
    EXPECT_TRUE(msgpack::unpack(text + "\xC0", value).ok());
    auto const result = msgpack::unpack(text + open + "\xC0", value);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, DecodeErrorCode::depth);
    std::string const deep = text + open + "\xC0";
    msgpack::Reader reader(deep);
    EXPECT_FALSE(reader.skip());
  }
}

TEST(Msgpack, TakesNoMemoryForSizesThatAreOnlyClaimed) {
  // Each of these arrays claims as many elements as there are bytes behind it.
  std::string text;
  for (int i = 0; i < 500; ++i)
    text.append(from_hex("dd00010000"));
  text.append(1 << 17, '\x00');
  Value value;
  EXPECT_FALSE(msgpack::unpack(text, value).ok());
}

TEST(Msgpack, SkipsExactlyOneValue) {
  std::string const text =
      msgpack::pack(
          Value::object({{"a", Value::array({1, "b", Value::object({{"c", 1.5}})})}, {"d", Bytes{1}}})) +
      "\x05";
  msgpack::Reader reader(text);
  ASSERT_TRUE(reader.skip());
  EXPECT_EQ(hex(reader.rest()), "05");
}

struct Item {
  std::string name;
  std::uint64_t qty = 0;
  std::optional<Date> when;
  Bytes data;

  static void describe(aerie::Schema<Item>& s) {
    s.field<&Item::name>();
    s.field<&Item::qty>();
    s.field<&Item::when>();
    s.field<&Item::data>();
  }

  bool operator==(Item const&) const = default;
};

TEST(Msgpack, CarriesDescribedTypes) {
  std::vector<Item> const items = {{"pen", std::numeric_limits<std::uint64_t>::max(), date(1), Bytes{0, 1}},
                                   {"ink", 2, {}, {}}};
  std::vector<Item> back;
  auto const result = msgpack::unpack(msgpack::pack(items), back);
  ASSERT_TRUE(result.ok()) << result.error().to_string();
  EXPECT_EQ(back, items);
}

TEST(Msgpack, SaysWhichMemberIsWrong) {
  Item item;
  auto const result = msgpack::unpack(msgpack::pack(Value::object({{"name", "a"}, {"qty", "2"}})), item);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().to_string(), "qty: expected a number, got a string");
}

TEST(Msgpack, ReadsDatesThatAreIsoStrings) {
  Date value;
  ASSERT_TRUE(msgpack::unpack(msgpack::pack("1970-01-01T00:00:00.005Z"), value).ok());
  EXPECT_EQ(value, date(5));
}

TEST(Msgpack, RefusesDatesThatAreNoneWhereADateIsAskedFor) {
  // They are written as null, which no date is read from. A value keeps them, as JavaScript does.
  for (char const* const bytes : {
           "d700fd00ff00a1729324",            // notepack's older form, far before the first date.
           "d7007fffffffffffffff",            // And behind the last.
           "d700001eb208c2dc0001",            // By a millisecond.
           "c70cff00000000000007dba8218001",  // A timestamp, by a second.
           "c70cff000000008000000000000000",
       }) {
    SCOPED_TRACE(bytes);
    Date value = date(1);
    auto const result = msgpack::unpack(from_hex(bytes), value);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().to_string(),
              "expected a date such as 2024-02-29T12:30:00.000Z, got the invalid date or one out of range");
    Value plain;
    ASSERT_TRUE(msgpack::unpack(from_hex(bytes), plain).ok());
    EXPECT_FALSE(plain.as_date().is_valid());
    std::optional<Date> optional;
    EXPECT_FALSE(msgpack::unpack(from_hex(bytes), optional).ok());
    std::variant<bool, Date> alternative;  // By way of a value.
    EXPECT_FALSE(msgpack::unpack(from_hex(bytes), alternative).ok());
  }
}

TEST(Msgpack, PassesJsonOnAsTheValueItStandsFor) {
  EXPECT_EQ(hex(msgpack::pack(aerie::RawJson::trusted(R"({"a":[1,1.5]})"))), "81a1619201cb3ff8000000000000");
  aerie::RawJson json;
  ASSERT_TRUE(msgpack::unpack(from_hex("81a1619201cb3ff8000000000000"), json).ok());
  EXPECT_EQ(json.text(), R"({"a":[1,1.5]})");
}

}}  // namespace msgpack_test
