#include <aerie/redis/url.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace aerie::redis { namespace {

std::string problem(std::string_view text) {
  try {
    Url::parse(text);
  } catch (std::invalid_argument const& error) {
    return error.what();
  }
  return "(none)";
}

TEST(RedisUrl, SaysWhereAndHowToEnter) {
  auto const url = Url::parse("rediss://app:pass%3Aword%40@redis.example:6380/3");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.user, "app");
  EXPECT_EQ(url.password, "pass:word@");
  ASSERT_EQ(url.addresses.size(), 1U);
  EXPECT_EQ(url.addresses[0].text(), "redis.example:6380");
  EXPECT_EQ(url.database, 3U);
}

TEST(RedisUrl, LeavesOutWhatIsUsual) {
  struct {
    std::string_view text;
    std::string_view written;
  } const cases[] = {
      {"redis://", "redis://localhost:6379"},
      {"redis:///2", "redis://localhost:6379/2"},
      {"redis://host", "redis://host:6379"},
      {"redis://host/", "redis://host:6379"},
      {"redis://:7000", "redis://localhost:7000"},
      {"redis://[::1]", "redis://[::1]:6379"},
      {"redis://[fe80::1]:7000/1", "redis://[fe80::1]:7000/1"},
      {"redis://a:7000,b:7001,[::1]:7002,d", "redis://a:7000,b:7001,[::1]:7002,d:6379"},
      {"redis://a,b?topology=sentinel&master=m", "redis://a:26379,b:26379"},
      {"unix:/run/redis.sock", "unix:/run/redis.sock"},
      {"unix:///run/redis.sock?db=2", "unix:/run/redis.sock?db=2"},
      {"redis://host?db=4", "redis://host:6379/4"},
  };
  for (auto const& [text, written] : cases)
    EXPECT_EQ(Url::parse(text).text(), written) << text;
}

TEST(RedisUrl, TakesUserAndPasswordInAllTheirForms) {
  struct {
    std::string_view text, user, password;
  } const cases[] = {
      {"redis://:secret@host", "", "secret"},
      {"redis://app:secret@host", "app", "secret"},
      {"redis://app:@host", "app", ""},
      {"redis://app@host", "app", ""},
      {"redis://app:se:cr:et@host", "app", "se:cr:et"},
      {"redis://app:s@e@host", "app", "s@e"},
      {"redis://app:a/b@host", "app", "a/b"},
      {"redis://%75ser:%00%ff@host", "user", std::string_view("\0\xff", 2)},
      {"unix://app:secret@/run/redis.sock", "app", "secret"},
      {"unix:///run/@odd.sock", "", ""},
  };
  for (auto const& [text, user, password] : cases) {
    auto const url = Url::parse(text);
    EXPECT_EQ(url.user, user) << text;
    EXPECT_EQ(url.password, password) << text;
    EXPECT_EQ(url.text().find("secret"), std::string::npos);
  }
}

TEST(RedisUrl, TakesOptions) {
  auto const url = Url::parse("redis://a?topology=sentinel&master=my%20master");
  EXPECT_EQ(url.topology, "sentinel");
  EXPECT_EQ(url.master, "my master");
}

TEST(RedisUrl, SaysWhatIsWrongAndShowsNoPassword) {
  struct {
    std::string_view text, says;
  } const cases[] = {
      {"", "no scheme"},
      {"hunter2", "no scheme"},
      {"http://host", "no scheme"},
      {"redis:host", "lacks //"},
      {"redis://:hunter2", "port"},
      {"redis://user:hunter2/0", "port"},
      {"redis://host:0", "port"},
      {"redis://host:65536", "port"},
      {"redis://host:-1", "port"},
      {"redis://host:", "port"},
      {"redis://::1", "brackets"},
      {"redis://[::1", "]"},
      {"redis://[::1]6379", "]"},
      {"redis://host/hunter2", "database"},
      {"redis://host/-1", "database"},
      {"redis://host/99999999999", "database"},
      {"redis://:hunter2#@host", "%23"},
      {"redis://:hunter2%@host", "%"},
      {"redis://:hunter2%4@host", "%"},
      {"redis://:hunter2%zz@host", "%"},
      {"redis://host?topology=hunter2", "topology"},
      {"redis://host?hunter2=1", "option"},
      {"redis://:a?hunter2@host", "option"},
      {"redis://host%00", "zero"},
      {"unix:run/redis.sock", "path"},
      {"unix://", "path"},
  };
  for (auto const& [text, says] : cases) {
    auto const why = problem(text);
    EXPECT_NE(why.find(says), std::string::npos) << text << ": " << why;
    EXPECT_EQ(why.find("hunter2"), std::string::npos) << why;
    EXPECT_EQ(why.find("aerie: the Redis URL "), 0U) << why;
  }
}

}}  // namespace aerie::redis
