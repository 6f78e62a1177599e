#include <aerie/gateway/application.hpp>
#include <aerie/gateway/config.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace config_cases {

using namespace std::chrono_literals;
using aerie::ConfigOptions;
using aerie::Environment;
using aerie::gateway::StartError;

enum class Mode { development, production };
void describe(aerie::EnumSchema<Mode>& e) {
  e.value<Mode::development>().value<Mode::production>();
}

struct Redis {
  std::string host = "localhost";
  std::uint16_t port = 6379;

  static void describe(aerie::Schema<Redis>& s) {
    s.field<&Redis::host>();
    s.field<&Redis::port>();
  }
};

struct Config {
  std::uint16_t port = 3000;
  std::string client_url = "http://localhost:5173";
  bool verbose = false;
  double ratio = 0.5;
  Mode mode = Mode::development;
  std::chrono::seconds token_ttl = 15min;
  std::vector<std::string> origins;
  std::vector<int> weights{1};
  std::optional<std::string> page;
  std::int64_t max_users = 100;
  Redis redis;

  static void describe(aerie::Schema<Config>& s) {
    s.field<&Config::port>().minimum(1).maximum(65535);
    s.field<&Config::client_url>().matches("^https?://");
    s.field<&Config::verbose>();
    s.field<&Config::ratio>().minimum(0).maximum(1);
    s.field<&Config::mode>();
    s.field<&Config::token_ttl>().minimum(1);
    s.field<&Config::origins>();
    s.field<&Config::weights>();
    s.field<&Config::page>("WEB_ROOT");
    s.field<&Config::max_users>("maxUsers");
    s.field<&Config::redis>();
  }
};

template <class T = Config>
T read(Environment environment) {
  return aerie::read_config<T>({.env_files = {}, .environment = std::move(environment)});
}

template <class T = Config>
std::string fault_of(ConfigOptions const& options) {
  try {
    (void)aerie::read_config<T>(options);
    return "";
  } catch (StartError const& error) {
    return error.what();
  }
}
template <class T = Config>
std::string fault_in(Environment environment) {
  return fault_of<T>(ConfigOptions{.env_files = {}, .environment = std::move(environment)});
}

/// A directory that is gone after the test.
class EnvFiles : public ::testing::Test {
 protected:
  EnvFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "aerie-config-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~EnvFiles() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(std::string const& name, std::string_view text) {
    std::ofstream(directory_ / name) << text;
    return directory_ / name;
  }

  std::filesystem::path directory_;
};

TEST(Config, KeepsDefaultsWhereNothingIsSet) {
  auto const config = read({});
  EXPECT_EQ(config.port, 3000);
  EXPECT_EQ(config.client_url, "http://localhost:5173");
  EXPECT_EQ(config.token_ttl, 15min);
  EXPECT_EQ(config.page, std::nullopt);
  EXPECT_EQ(config.redis.port, 6379);
}

TEST(Config, ConvertsTextsToTheTypesOfTheFields) {
  auto const config = read({{"PORT", " 8080 "},
                            {"CLIENT_URL", "https://chat.example"},
                            {"VERBOSE", "Yes"},
                            {"RATIO", "0.25"},
                            {"MODE", "production"},
                            {"TOKEN_TTL", "12h"},
                            {"ORIGINS", "https://a.example, https://b.example"},
                            {"WEIGHTS", "3,-4"},
                            {"WEB_ROOT", "/srv/page"},
                            {"MAX_USERS", "9007199254740993"},
                            {"REDIS_HOST", "cache"},
                            {"REDIS_PORT", "7000"}});
  EXPECT_EQ(config.port, 8080);
  EXPECT_EQ(config.client_url, "https://chat.example");
  EXPECT_TRUE(config.verbose);
  EXPECT_EQ(config.ratio, 0.25);
  EXPECT_EQ(config.mode, Mode::production);
  EXPECT_EQ(config.token_ttl, 12h);
  EXPECT_EQ(config.origins, (std::vector<std::string>{"https://a.example", "https://b.example"}));
  EXPECT_EQ(config.weights, (std::vector<int>{3, -4}));
  EXPECT_EQ(config.page, "/srv/page");
  EXPECT_EQ(config.max_users, 9007199254740993);
  EXPECT_EQ(config.redis.host, "cache");
  EXPECT_EQ(config.redis.port, 7000);
}

TEST(Config, ReadsEverySpellingOfABool) {
  for (auto const* const yes : {"true", "TRUE", "1", "yes", "on", " on "})
    EXPECT_TRUE(read({{"VERBOSE", yes}}).verbose) << yes;
  for (auto const* const no : {"false", "0", "No", "off", ""})
    EXPECT_FALSE(read({{"VERBOSE", no}}).verbose) << no;
}

TEST(Config, TakesEmptyForNotSetExceptForTexts) {
  auto const config = read({{"PORT", ""}, {"WEIGHTS", ""}, {"REDIS_HOST", ""}, {"WEB_ROOT", ""}});
  EXPECT_EQ(config.port, 3000);
  EXPECT_EQ(config.weights, std::vector<int>{1});
  EXPECT_EQ(config.redis.host, "");
  EXPECT_EQ(config.page, "");
}

TEST(Config, RefusesListsOfNumbersWithNothingBetweenOrBehindTheirCommas) {
  for (auto const* const list : {",", "1,", ",1", "1,,2", "1, "})
    EXPECT_NE(fault_in({{"WEIGHTS", list}}).find("set WEIGHTS to a list"), std::string::npos) << list;
}

TEST(Config, NamesEverythingThatIsWrongAtOnceWithTheRemedy) {
  EXPECT_EQ(fault_in({{"PORT", "abc"},
                      {"CLIENT_URL", "nowhere"},
                      {"VERBOSE", "maybe"},
                      {"RATIO", "2"},
                      {"MODE", "test"},
                      {"TOKEN_TTL", "0"},
                      {"WEIGHTS", "1,x"},
                      {"MAX_USERS", "1.5"},
                      {"REDIS_PORT", "70000"}}),
            "aerie: Config cannot be read from the environment:\n"
            "  set PORT to a whole number between 1 and 65535 (got \"abc\")\n"
            "  set VERBOSE to true or false (got \"maybe\")\n"
            "  set MODE to one of development, production (got \"test\")\n"
            "  set WEIGHTS to a list, separated by commas, of a whole number (got \"1,x\")\n"
            "  set MAX_USERS to an integer from -9223372036854775808 to 9223372036854775807 (got \"1.5\")\n"
            "  set REDIS_PORT to an integer from 0 to 65535 (got \"70000\")\n"
            "  set CLIENT_URL: it must match /^https?:\\/\\// regular expression (got \"nowhere\")\n"
            "  set RATIO to a number between 0 and 1 (got \"2\")\n"
            "  set TOKEN_TTL to a value of at least 1 (its value is not shown)");
}

TEST(Config, SaysHowADurationIsWrittenAlsoWhereItHasALimit) {
  EXPECT_EQ(fault_in({{"TOKEN_TTL", "soon"}}),
            "aerie: Config cannot be read from the environment:\n"
            "  set TOKEN_TTL to a duration such as \"500ms\", \"90s\" or \"15m\" (its value is not shown)");
}

struct Required {
  std::string jwt_secret;
  std::string database_url;
  std::int64_t workers = 4;
  std::string region = "eu";

  static void describe(aerie::Schema<Required>& s) {
    s.field<&Required::jwt_secret>().min_length(32);
    s.field<&Required::database_url>().not_empty();
    s.field<&Required::workers>().is_defined();
    s.field<&Required::region>().one_of({"eu", "us"});
  }
};

TEST(Config, NamesWhatIsMissing) {
  EXPECT_EQ(fault_in<Required>(Environment{}),
            "aerie: Required cannot be read from the environment:\n"
            "  set WORKERS to a whole number (it is not set)\n"
            "  set JWT_SECRET to a text of at least 32 characters (it is not set)\n"
            "  set DATABASE_URL to a text of at least 1 character (it is not set)");
}

TEST(Config, NeverShowsASecret) {
  EXPECT_EQ(fault_in<Required>({{"JWT_SECRET", "hunter2"},
                                {"DATABASE_URL", "postgres://me:hunter2@db/x"},
                                {"WORKERS", "redis://:hunter2@cache"},
                                {"REGION", "mars"}}),
            "aerie: Required cannot be read from the environment:\n"
            "  set WORKERS to a whole number (its value is not shown)\n"
            "  set JWT_SECRET to a text of at least 32 characters (its value is not shown)\n"
            "  set REGION to one of eu, us (got \"mars\")");
  auto const named = fault_of<Required>(ConfigOptions{
      .env_files = {}, .environment = Environment{{"REGION", "hunter2"}}, .secrets = {"REGION"}});
  EXPECT_EQ(named.find("hunter2"), std::string::npos) << named;
}

struct Talkative {
  std::string api_key = "default";
  static void describe(aerie::Schema<Talkative>& s) {
    s.field<&Talkative::api_key>().max_length(8).message("$property is too long: $value");
  }
};

TEST(Config, NeverShowsASecretInARulesOwnText) {
  EXPECT_EQ(fault_in<Talkative>({{"API_KEY", "correct horse"}}),
            "aerie: Talkative cannot be read from the environment:\n"
            "  set API_KEY: what it is now is refused (its value is not shown)");
}

TEST_F(EnvFiles, ComeAfterTheEnvironmentAndTheFirstFileCountsMost) {
  auto const local = write("local", "PORT=2\nREDIS_PORT=22\n");
  auto const shared = write("shared", "PORT=3\nREDIS_PORT=33\nRATIO=0.125\n");
  auto const config = aerie::read_config<Config>(
      {.env_files = {local, directory_ / "missing", shared}, .environment = Environment{{"PORT", "1"}}});
  EXPECT_EQ(config.port, 1);
  EXPECT_EQ(config.redis.port, 22);
  EXPECT_EQ(config.ratio, 0.125);
}

TEST_F(EnvFiles, AreExpandedIfThatIsAsked) {
  auto const file =
      write(".env", "HOST=example.org\nCLIENT_URL=https://${HOST}${PORT_PART:-:8443}/${NOBODY}\n");
  Environment const environment{{"HOST", "override.example"}};
  EXPECT_EQ(
      aerie::read_config<Config>({.env_files = {file}, .environment = environment, .expand_variables = true})
          .client_url,
      "https://override.example:8443/");
  auto const circle = write("circle", "CLIENT_URL=${A}\nA=${CLIENT_URL}\n");
  EXPECT_NE(fault_of({.env_files = {circle}, .environment = Environment{}, .expand_variables = true})
                .find("refers to itself"),
            std::string::npos);
}

TEST_F(EnvFiles, MayBeRefusedWithUnknownVariables) {
  auto const file = write(".env", "CHAT_PROT=1\nOTHER=2\n");
  Environment const environment{{"CHAT_PORT", "4000"}, {"CHAT_MODES", "x"}, {"PATH", "/bin"}};
  ConfigOptions options{
      .env_files = {file}, .environment = environment, .prefix = "CHAT_", .forbid_unknown = true};
  EXPECT_EQ(fault_of(options),
            "aerie: Config cannot be read from the environment:\n"
            "  remove CHAT_PROT, or correct its name: there is no such setting\n"
            "  remove CHAT_MODES, or correct its name: there is no such setting");
  options.forbid_unknown = false;
  EXPECT_EQ(aerie::read_config<Config>(options).port, 4000);
}

TEST_F(EnvFiles, StopTheStartIfTheyCannotBeRead) {
  EXPECT_NE(fault_of({.env_files = {directory_}, .environment = Environment{}}).find("cannot be read"),
            std::string::npos);
}

TEST(Config, ReadsTheEnvironmentOfTheProcess) {
  ASSERT_EQ(setenv("AERIE_CONFIG_TEST_PORT", "4711", 1), 0);
  EXPECT_EQ(aerie::read_config<Config>({.env_files = {}, .prefix = "AERIE_CONFIG_TEST_"}).port, 4711);
  unsetenv("AERIE_CONFIG_TEST_PORT");
}

// --- The module

struct Service {
  explicit Service(Config const& settings) : config(settings) {}
  Config const& config;
};

struct ServiceModule {
  static void describe(aerie::Module& m) { m.provides<Service>(); }
};

struct App {
  static void describe(aerie::Module& m) {
    m.imports(
        aerie::ConfigModule::for_root<Config>({.env_files = {}, .environment = Environment{{"PORT", "81"}}}));
    m.imports(aerie::ConfigModule::for_root<Redis>(
        {.env_files = {}, .environment = Environment{{"HOST", "other"}}}));
    m.imports<ServiceModule>();
  }
};

struct BrokenApp {
  static void describe(aerie::Module& m) {
    m.imports(
        aerie::ConfigModule::for_root<Config>({.env_files = {}, .environment = Environment{{"PORT", "0"}}}));
  }
};

TEST(ConfigModule, ProvidesTheSettingsEverywhere) {
  aerie::Runtime runtime;
  auto app = aerie::Application::create<App>(runtime);
  EXPECT_EQ(app.get<Service>().config.port, 81);
  EXPECT_EQ(app.get<Redis>().host, "other");
}

TEST(ConfigModule, StopsTheStartOfAnApplicationWithWrongSettings) {
  aerie::Runtime runtime;
  EXPECT_THROW((void)aerie::Application::create<BrokenApp>(runtime), StartError);
}

}  // namespace config_cases
