#include "config.hpp"

#include "unit/chat/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <initializer_list>

namespace chat::test { namespace {

using namespace std::chrono_literals;
using Origins = std::vector<std::string>;

class ConfigTest : public ::testing::Test {
 public:
  ~ConfigTest() override {
    for (auto const& name : set_)
      ::unsetenv(name.c_str());
  }

  void set(std::string const& name, std::string const& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  static auto read(std::initializer_list<char const*> options) {
    std::vector<char const*> arguments{"aerie-chat"};
    arguments.insert(arguments.end(), options);
    return read_command_line(static_cast<int>(arguments.size()), arguments.data());
  }
  static Config config(std::initializer_list<char const*> options) {
    return read_config(std::get<aerie::ConfigOptions>(read(options)));
  }
  static std::string complaint(std::initializer_list<char const*> options) {
    return complaint_of([&] { config(options); });
  }

 private:
  std::vector<std::string> set_;
};

TEST_F(ConfigTest, HasDefaults) {
  auto const read = config({});
  EXPECT_EQ(read.port, 4000);
  EXPECT_EQ(read.host, "");
  EXPECT_EQ(read.threads, 1U);
  EXPECT_EQ(read.database, "chat.db");
  EXPECT_EQ(read.client_urls, Origins{"http://localhost:5173"});
  EXPECT_EQ(read.token_ttl, 24h);
  EXPECT_EQ(read.token_grace, 25s);
  EXPECT_EQ(read.jwt_secret, std::nullopt);
}

TEST_F(ConfigTest, ReadsOptions) {
  auto const read = config({"--port", "0", "--host=127.0.0.1", "--threads", "4", "--db", "/tmp/a.db",
                            "--client-url", "https://a.example/,http://b.example:8080", "--token-ttl", "60",
                            "--token-grace", "0", "--log-level", "warning"});
  EXPECT_EQ(read.port, 0);
  EXPECT_EQ(read.host, "127.0.0.1");
  EXPECT_EQ(read.threads, 4U);
  EXPECT_EQ(read.database, "/tmp/a.db");
  EXPECT_EQ(read.client_urls, (Origins{"https://a.example", "http://b.example:8080"}));
  EXPECT_EQ(read.token_ttl, 60s);
  EXPECT_EQ(read.token_grace, 0s);
  EXPECT_EQ(read.log_level, aerie::LogLevel::warning);
}

TEST_F(ConfigTest, ReadsTheEnvironmentWhereNoOptionIsGiven) {
  set("PORT", "4100");
  set("THREADS", "2");
  set("DB", "env.db");
  set("CLIENT_URL", "http://page.example");
  set("TOKEN_TTL", "5");
  set("MEMORY_LIMIT", "512");
  set("JWT_SECRET", "a secret");
  auto const read = config({"--threads", "3"});
  EXPECT_EQ(read.port, 4100);
  EXPECT_EQ(read.threads, 3U);
  EXPECT_EQ(read.database, "env.db");
  EXPECT_EQ(read.client_urls, Origins{"http://page.example"});
  EXPECT_EQ(read.token_ttl, 5s);
  EXPECT_EQ(read.memory_limit, 512U);
  EXPECT_EQ(read.jwt_secret, "a secret");
}

TEST_F(ConfigTest, TakesAUrlOfPostgresqlAndQuotesNoPassword) {
  EXPECT_EQ(config({"--db", "postgres://chat@db/chat", "--db-connections", "8"}).database_connections, 8U);
  for (auto const* const url : {"postgres://chat:hush%zz@db/chat", "postgresql://chat:hush@[db/chat"}) {
    auto const text = complaint({"--db", url});
    EXPECT_NE(text.find("postgres://user:password@host:5432/database"), std::string::npos) << text;
    EXPECT_EQ(text.find("hush"), std::string::npos) << text;
  }
  EXPECT_NE(complaint({"--db-connections", "1"}), "");
}

TEST_F(ConfigTest, TakesRedisAndTheWayToTalkThere) {
  EXPECT_EQ(config({}).redis, std::nullopt);
  auto const read = config({"--redis", "redis://localhost:6379", "--adapter", "redis-sharded"});
  EXPECT_EQ(read.redis, "redis://localhost:6379");
  EXPECT_EQ(read.adapter, ClusterAdapter::redis_sharded);
  auto const streams = config({"--redis", "redis://localhost:6379", "--adapter", "redis-streams"});
  EXPECT_EQ(streams.adapter, ClusterAdapter::redis_streams);
  EXPECT_NE(complaint({"--redis", "redis://localhost", "--adapter", "rabbit"}).find("redis-sharded"),
            std::string::npos);
  EXPECT_NE(complaint({"--adapter", "redis-sharded"}).find("REDIS (--redis) is not set"), std::string::npos);
}

TEST_F(ConfigTest, ShowsHelpInsteadOfStarting) {
  auto const read = ConfigTest::read({"--help"});
  ASSERT_TRUE(std::holds_alternative<std::string>(read));
  EXPECT_NE(std::get<std::string>(read).find("--client-url"), std::string::npos);
}

TEST_F(ConfigTest, TakesAPageThatIsBuilt) {
  TemporaryDirectory const directory;
  auto const text = complaint({"--page", directory.file("").c_str()});
  EXPECT_NE(text.find("there is no index.html; build the page"), std::string::npos) << text;
  write_file(directory.file("index.html"), "<html>");
  EXPECT_EQ(config({"--page", directory.file("").c_str()}).page, directory.file(""));
}

TEST_F(ConfigTest, RefusesWhatCannotBeAndNamesTheRemedy) {
  struct Case {
    std::initializer_list<char const*> options;
    char const* text;
  };
  Case const cases[] = {
      {{"--prot", "1"}, "\"aerie-chat --help\" lists the options"},
      {{"chat.db"}, "\"aerie-chat --help\" lists the options"},
      {{"--port"}, "\"aerie-chat --help\" lists the options"},
      {{"--port", "70000"}, "set PORT to"},
      {{"--port", "-1"}, "set PORT to"},
      {{"--port", "4000x"}, "set PORT to"},
      {{"--threads", "0"}, "set THREADS to a whole number"},
      {{"--token-ttl", "0"}, "set TOKEN_TTL to"},
      {{"--token-ttl", "400d"}, "set TOKEN_TTL to"},
      {{"--token-grace", "-5"}, "set TOKEN_GRACE to"},
      {{"--memory-limit", "5"}, "MEMORY_LIMIT (--memory-limit) is 5 MiB; use 16 or more, or 0"},
      {{"--memory-limit", "-1"}, "set MEMORY_LIMIT to"},
      {{"--log-level", "loud"}, "set LOG_LEVEL to"},
      {{"--client-url", "localhost:5173"}, "such as http://localhost:5173"},
      {{"--client-url", "*"}, "such as http://localhost:5173"},
      {{"--client-url", "http://a.example,"}, "such as http://localhost:5173"},
      {{"--client-url", "http://a.example/page"}, "such as http://localhost:5173"},
  };
  for (auto const& [options, expected] : cases) {
    auto const text = complaint(options);
    EXPECT_NE(text.find(expected), std::string::npos) << text << "\n  instead of: " << expected;
  }
}

TEST_F(ConfigTest, RefusesAnImpossibleValueOfTheEnvironmentToo) {
  set("THREADS", "many");
  auto const text = complaint({});
  EXPECT_NE(text.find("set THREADS to a whole number"), std::string::npos) << text;
}

}}  // namespace chat::test
