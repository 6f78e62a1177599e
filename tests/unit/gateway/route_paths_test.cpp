#include "gateway/route_paths.hpp"

#include <aerie/gateway/exceptions.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace aerie::gateway { namespace {

TEST(JoinPaths, NeedsNoCareWithSlashes) {
  EXPECT_EQ(join_paths({"/chat/", "rooms"}), "/chat/rooms");
  EXPECT_EQ(join_paths({"api", "", "//v1//", "/a/b"}), "/api/v1/a/b");
  EXPECT_EQ(join_paths({"", "/"}), "/");
}

TEST(IsExcluded, ComparesSegmentBySegment) {
  GlobalPrefixOptions const options{{"health", "GET /cats/:id", "files/*rest"}};
  EXPECT_TRUE(is_excluded(options, "POST", "/health"));
  EXPECT_FALSE(is_excluded(options, "POST", "/health/deep"));
  EXPECT_FALSE(is_excluded(options, "POST", "/healthy"));
  EXPECT_TRUE(is_excluded(options, "GET", "/cats/:number"));
  EXPECT_FALSE(is_excluded(options, "PUT", "/cats/:number")) << "of another method";
  EXPECT_FALSE(is_excluded(options, "GET", "/cats"));
  EXPECT_TRUE(is_excluded(options, "GET", "/files/a/b"));
  EXPECT_FALSE(is_excluded({}, "GET", "/"));
  EXPECT_TRUE(is_excluded({{"/"}}, "GET", "/"));
}

std::optional<std::string> asked(VersioningOptions const& options, std::string const& line) {
  return requested_version(options,
                           *http::RequestHead::parse("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n"));
}

TEST(RequestedVersion, IsReadFromWhereTheOptionsSay) {
  VersioningOptions const header{.type = VersioningType::header, .header = "X-V"};
  EXPECT_EQ(asked(header, "X-V: 2\r\n"), "2");
  EXPECT_EQ(asked(header, "x-v:  2 \r\n"), "2");
  EXPECT_EQ(asked(header, "X-V:\r\n"), std::nullopt);
  EXPECT_EQ(asked(header, ""), std::nullopt);
  VersioningOptions const media{.type = VersioningType::media_type};
  EXPECT_EQ(asked(media, "Accept: application/json;v=2\r\n"), "2");
  EXPECT_EQ(asked(media, "Accept: text/html, application/json; q=0.5 ; v=2\r\n"), "2");
  EXPECT_EQ(asked(media, "Accept: application/json\r\n"), std::nullopt);
  EXPECT_EQ(asked(media, "Accept: v=2\r\n"), std::nullopt) << "that is the type";
  EXPECT_EQ(asked({}, "X-API-Version: 2\r\n"), std::nullopt) << "it is in the path";
}

TEST(VersioningOptions, StopTheStartWhereTheyCannotWork) {
  EXPECT_THROW(check({.type = VersioningType::header, .header = ""}), StartError);
  EXPECT_THROW(check({.type = VersioningType::header, .header = "X V"}), StartError);
  EXPECT_THROW(check({.type = VersioningType::media_type, .key = ""}), StartError);
  EXPECT_NO_THROW(check({.type = VersioningType::uri, .header = ""}));
}

}}  // namespace aerie::gateway
