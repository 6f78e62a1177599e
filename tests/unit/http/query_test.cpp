#include <aerie/http/query.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace aerie::http { namespace {

TEST(QueryParameter, TakesTheLastOfSeveral) {
  EXPECT_EQ(query_parameter("EIO=4&EIO=5", "EIO"), "5");
  EXPECT_EQ(query_parameter("EIO=4&transport=polling", "EIO"), "4");
}

TEST(QueryParameter, TellsAbsentFromEmpty) {
  EXPECT_EQ(query_parameter("a=1&sid=&b", "sid"), "");
  EXPECT_EQ(query_parameter("a=1&sid=&b", "b"), "");
  EXPECT_EQ(query_parameter("a=1", "sid"), std::nullopt);
  EXPECT_EQ(query_parameter("", "sid"), std::nullopt);
  EXPECT_EQ(query_parameter("xsid=1", "sid"), std::nullopt);
}

TEST(QueryParameter, DecodesNamesAndValues) {
  EXPECT_EQ(query_parameter("a%20b=c+d%26e", "a b"), "c d&e");
  EXPECT_EQ(query_parameter("n=%E2%82%AC", "n"), "\xE2\x82\xAC");
  EXPECT_EQ(query_parameter("n=a=b", "n"), "a=b");
}

TEST(DecodeQuery, KeepsWhatCannotBeDecoded) {
  EXPECT_EQ(decode_query("%zz%4"), "%zz%4");
  EXPECT_EQ(decode_query("%"), "%");
  EXPECT_EQ(decode_query("a%zz%41"), "a%zzA");
  // Would not be UTF-8.
  EXPECT_EQ(decode_query("%zz%ff"), "%zz%ff");
}

TEST(EachParameter, ListsThemInOrder) {
  std::vector<std::pair<std::string, std::string>> seen;
  each_parameter("a=1&&b=%32&a=3",
                 [&](std::string name, std::string value) { seen.emplace_back(name, value); });
  std::vector<std::pair<std::string, std::string>> const expected{{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(seen, expected);
}

TEST(EachParameter, StopsAtItsBound) {
  std::string query;
  for (int i = 0; i < 10'000; ++i)
    query.append("a=1&");
  std::size_t count = 0;
  each_parameter(query, [&](std::string const&, std::string const&) { ++count; });
  EXPECT_EQ(count, max_query_parameters);
}

}}  // namespace aerie::http
