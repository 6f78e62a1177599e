#include "command_line.hpp"

#include "connect.hpp"
#include "generate.hpp"
#include "templates.hpp"
#include "temporary_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace aerie::cli { namespace {

/// A folder with an Aerie checkout beside it, as far as the command looks at one.
class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    folder_.write("checkout/CMakeLists.txt", "");
    folder_.write("checkout/include/aerie/core/api.hpp", "");
    folder_.write("checkout/build/release/bin/aerie", "");
  }

  int run(std::vector<std::string> words, std::string const& in = ".") {
    out_.str("");
    err_.str("");
    auto const program = folder_.path() / "checkout/build/release/bin/aerie";
    return cli::run(std::move(words), {(folder_.path() / in).lexically_normal(), program, out_, err_});
  }
  /// A project with a root module and nothing else.
  void write_project() {
    folder_.write("app/CMakeLists.txt", "");
    folder_.write("app/src/app_module.hpp",
                  "struct AppModule {\n  static void describe(aerie::Module&) {}\n};\n");
  }

  TemporaryFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CommandLine, BeginsAProjectWithTheAerieThatItBelongsTo) {
  EXPECT_EQ(run({"new", "my-app"}), 0) << err_.str();
  EXPECT_EQ(folder_.read("my-app/aerie-location.cmake"),
            "# Where Aerie is on this machine; written by `aerie new`.\nset(AERIE_SOURCE_DIR \"" +
                (folder_.path() / "checkout").string() + "\")\n");
  EXPECT_NE(folder_.read("my-app/CMakeLists.txt").find("project(my_app LANGUAGES CXX)"), std::string::npos);
  EXPECT_TRUE(folder_.has("my-app/.gitignore"));
  for (auto const* script : {"server", "test", "check-coroutines"}) {
    auto const mode = std::filesystem::status(folder_.path() / "my-app/script" / script).permissions();
    EXPECT_NE(mode & std::filesystem::perms::owner_exec, std::filesystem::perms::none) << script;
  }
  EXPECT_NE(out_.str().find("CREATE my-app/src/main.cpp"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("cd my-app && script/server"), std::string::npos) << out_.str();
}

TEST_F(CommandLine, BeginsAProjectWithAnInstalledAerie) {
  folder_.write("prefix/lib/cmake/aerie/aerie-config.cmake", "");
  EXPECT_EQ(run({"new", "projects/my-app", "--aerie", "prefix"}), 0) << err_.str();
  EXPECT_NE(folder_.read("projects/my-app/aerie-location.cmake")
                .find("list(APPEND CMAKE_PREFIX_PATH \"" + (folder_.path() / "prefix").string() + "\")"),
            std::string::npos);
}

TEST_F(CommandLine, WritesNothingInADryRun) {
  EXPECT_EQ(run({"new", "my-app", "--dry-run"}), 0) << err_.str();
  EXPECT_FALSE(folder_.has("my-app"));
  EXPECT_NE(out_.str().find("CREATE my-app/src/main.cpp"), std::string::npos);
  write_project();
  auto const module = folder_.read("app/src/app_module.hpp");
  EXPECT_EQ(run({"g", "ga", "chat", "--dry-run"}, "app"), 0) << err_.str();
  EXPECT_FALSE(folder_.has("app/src/chat"));
  EXPECT_EQ(folder_.read("app/src/app_module.hpp"), module);
  EXPECT_NE(out_.str().find("UPDATE src/app_module.hpp"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("dry run: nothing was written"), std::string::npos) << out_.str();
}

TEST_F(CommandLine, RefusesToWriteAProjectOverAnything) {
  folder_.write("my-app/notes.txt", "mine");
  EXPECT_EQ(run({"new", "my-app"}), 1);
  EXPECT_EQ(err_.str(),
            "aerie: my-app is there already and not an empty folder; choose another name, or remove it\n");
  EXPECT_EQ(run({"new", "test"}), 1);
  EXPECT_EQ(
      err_.str(),
      "aerie: a project cannot be called test: its builds have a target of that name already; choose another "
      "name\n");
  EXPECT_EQ(run({"new", "other", "--aerie", "nowhere"}), 1);
  EXPECT_EQ(err_.str(),
            "aerie: --aerie nowhere is neither a checkout of Aerie nor a prefix that it is installed in; "
            "install it "
            "there with cmake --install build/release --prefix nowhere\n");
}

TEST_F(CommandLine, GeneratesEveryKindByNameAndAlias) {
  write_project();
  for (auto const& kind : kinds()) {
    auto const by_name = "one" + std::string(kind.alias);
    EXPECT_EQ(run({"generate", std::string(kind.name), by_name}, "app"), 0) << err_.str();
    EXPECT_EQ(run({"g", std::string(kind.alias), "two"}, "app"), 0) << err_.str();
    auto const stem = "two/two_" + std::string(kind.name);
    auto const text = folder_.read("app/src/" + stem + ".hpp");
    EXPECT_NE(text.find("Two"), std::string::npos) << text;
    EXPECT_EQ(text.find('@'), std::string::npos) << text;
    EXPECT_EQ(folder_.has("app/src/" + stem + ".cpp"), kind.has_source);
    EXPECT_EQ(folder_.has("app/tests/" + stem + "_test.cpp"), kind.has_test);
  }
  auto const root = folder_.read("app/src/app_module.hpp");
  EXPECT_NE(root.find("m.imports<TwoModule>();"), std::string::npos) << root;
  auto const module = folder_.read("app/src/two/two_module.hpp");
  EXPECT_NE(module.find("m.gateways<TwoGateway>();"), std::string::npos) << module;
  EXPECT_NE(module.find("m.controllers<TwoController>();"), std::string::npos) << module;
  EXPECT_NE(module.find("m.provides<TwoService>();"), std::string::npos) << module;
}

TEST_F(CommandLine, RegistersInTheNearestModule) {
  write_project();
  EXPECT_EQ(run({"g", "mo", "rooms"}, "app"), 0) << err_.str();
  EXPECT_EQ(run({"g", "s", "rooms/history"}, "app/src"), 0) << err_.str();
  EXPECT_NE(folder_.read("app/src/rooms/rooms_module.hpp").find("m.provides<HistoryService>();"),
            std::string::npos);
  EXPECT_TRUE(folder_.has("app/src/rooms/history/history_service.hpp"));
  EXPECT_EQ(run({"g", "ga", "RoomsGateway", "--flat", "--no-spec"}, "app"), 0) << err_.str();
  EXPECT_TRUE(folder_.has("app/src/rooms_gateway.hpp"));
  EXPECT_FALSE(folder_.has("app/tests/rooms_gateway_test.cpp"));
  EXPECT_EQ(run({"g", "gu", "door", "--module", "src/rooms/rooms_module.hpp"}, "app"), 0) << err_.str();
  EXPECT_NE(folder_.read("app/src/rooms/rooms_module.hpp").find("m.provides<DoorGuard>();"),
            std::string::npos);
}

TEST_F(CommandLine, NeverOverwritesAFile) {
  write_project();
  EXPECT_EQ(run({"g", "s", "chat"}, "app"), 0) << err_.str();
  folder_.write("app/src/chat/chat_service.hpp", "mine");
  EXPECT_EQ(run({"g", "s", "chat"}, "app"), 1);
  EXPECT_EQ(err_.str(),
            "aerie: src/chat/chat_service.hpp is there already and is never overwritten; choose another "
            "name, or remove it first\n");
  EXPECT_EQ(folder_.read("app/src/chat/chat_service.hpp"), "mine");
}

TEST_F(CommandLine, WritesNothingIfTheModuleCannotBeEdited) {
  write_project();
  folder_.write("app/src/app_module.hpp", "struct AppModule;\n");
  EXPECT_EQ(run({"g", "s", "chat"}, "app"), 1);
  EXPECT_FALSE(folder_.has("app/src/chat"));
  EXPECT_EQ(run({"g", "s", "chat", "--skip-import"}, "app"), 0) << err_.str();
  EXPECT_TRUE(folder_.has("app/src/chat/chat_service.hpp"));
}

TEST_F(CommandLine, SaysWhichModuleItMisses) {
  write_project();
  folder_.write("app/src/other_module.hpp", "");
  EXPECT_EQ(run({"g", "s", "chat"}, "app"), 1);
  EXPECT_EQ(err_.str(),
            "aerie: src has several modules, and none that is called like the folder; say which one with "
            "--module, or leave it out with --skip-import\n");
  folder_.write("none/CMakeLists.txt", "");
  folder_.write("none/src/main.cpp", "");
  EXPECT_EQ(run({"g", "s", "chat"}, "none"), 1);
  EXPECT_EQ(
      err_.str(),
      "aerie: no module to register it in: there is no *_module.hpp in src; write one with `aerie generate "
      "module app --flat --skip-import`, or leave it out with --skip-import\n");
  EXPECT_EQ(run({"g", "s", "chat"}, "checkout"), 1);
  EXPECT_EQ(err_.str(),
            "aerie: no project here: neither this folder nor one above it has a CMakeLists.txt and src/; "
            "begin one with `aerie new my-app`, or go into its folder\n");
}

TEST_F(CommandLine, EndsWithASentenceThatNamesTheRemedy) {
  struct Case {
    std::vector<std::string> words;
    int status;
    std::string says;
  };
  std::string const list =
      "There are module (mo), gateway (ga), service (s), controller (co), guard (gu), pipe (pi), interceptor "
      "(itc), "
      "filter (f)";
  std::vector<Case> const cases = {
      {{}, 2, "which command? `aerie new my-app` begins a project, `aerie --help` lists the commands"},
      {{"generat"},
       2,
       "there is no command \"generat\"; did you mean generate? `aerie --help` lists the commands"},
      {{"dance"}, 2, "there is no command \"dance\"; `aerie --help` lists the commands"},
      {{"--fast"}, 2, "there is no option --fast; `aerie --help` lists commands and options"},
      {{"new"}, 2, "which name? Say `aerie new my-app`"},
      {{"new", "a", "b"},
       2,
       "new does not know what to do with \"b\"; `aerie new --help` lists what it takes"},
      {{"new", "a", "--dry-rnu"},
       2,
       "new has no option --dry-rnu; did you mean --dry-run? `aerie new --help` lists what it takes"},
      {{"new", "a", "--aerie"},
       2,
       "--aerie: 1 required PATH missing; `aerie --help` lists commands and options"},
      {{"generate"}, 2, "generate what? Say `aerie generate gateway chat`"},
      {{"generate", "gatway"}, 1, "\"gatway\" cannot be generated; did you mean gateway? " + list},
      {{"generate", "resolver", "x"}, 1, "\"resolver\" cannot be generated; " + list},
      {{"g", "ga"}, 2, "which name? Say `aerie generate ga chat`"},
      {{"info", "now"},
       2,
       "info does not know what to do with \"now\"; `aerie info --help` lists what it takes"},
  };
  for (auto const& [words, status, says] : cases) {
    EXPECT_EQ(run(words), status);
    EXPECT_EQ(err_.str(), "aerie: " + says + "\n");
  }
}

TEST_F(CommandLine, HelpsAndSaysItsVersion) {
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_NE(out_.str().find("generate"), std::string::npos);
  EXPECT_EQ(run({"generate", "--help"}), 0);
  EXPECT_NE(out_.str().find("--no-spec"), std::string::npos);
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_TRUE(out_.str().starts_with("aerie 0.")) << out_.str();
}

TEST_F(CommandLine, TellsWhatItFinds) {
  write_project();
  EXPECT_EQ(run({"info"}, "app"), 0);
  EXPECT_NE(out_.str().find((folder_.path() / "checkout").string() + " (a source checkout)"),
            std::string::npos)
      << out_.str();
  EXPECT_NE(out_.str().find("(1 module, 0 gateways, 0 controllers, 0 services)"), std::string::npos)
      << out_.str();
}

TEST(CliTemplates, LeaveNoPlaceholderInAProject) {
  for (auto const& each : templates()) {
    auto const text =
        filled(each.path, {{"Class", "C"}, {"Name", "N"}, {"name", "n"}, {"kebab", "k"}, {"include", "i"}});
    EXPECT_FALSE(std::regex_search(text, std::regex("@\\w+@"))) << each.path << ":\n" << text;
    EXPECT_TRUE(text.ends_with('\n')) << each.path;
  }
}

TEST_F(CommandLine, RefusesToEmitNothing) {
  struct {
    std::vector<std::string> words;
    std::string remedy;
  } const cases[] = {
      {{"emit"}, "which event?"},
      {{"emit", "--room", "lobby"}, "which event?"},
      {{"emit", "news", "--close"}, "--close goes with --disconnect"},
      {{"emit", "--server-side"}, "which event?"},
      {{"emit", "--server-side", "--room", "lobby", "reload"}, "--server-side is for the servers"},
      {{"emit", "--server-side", "--disconnect", "reload"}, "--server-side is for the servers"},
  };
  for (auto const& each : cases) {
    EXPECT_EQ(run(each.words), 2) << each.remedy;
    EXPECT_NE(err_.str().find(each.remedy), std::string::npos) << err_.str();
  }
}

TEST_F(CommandLine, SaysWhatIsWrongWithAnAddressOfRedis) {
  EXPECT_EQ(run({"emit", "--redis", "http://localhost", "news"}), 1);
  EXPECT_NE(err_.str().find("redis://"), std::string::npos) << err_.str();
}

TEST_F(CommandLine, EmitsNoReservedEvent) {
  EXPECT_EQ(run({"emit", "--redis", "redis://127.0.0.1:1", "disconnect"}), 1);
  EXPECT_NE(err_.str().find("reserved event name"), std::string::npos) << err_.str();
}

TEST_F(CommandLine, RefusesAConnectionThatIsNoneWithTheRemedy) {
  struct Case {
    std::vector<std::string> words;
    std::string sentence;
  };
  for (auto const& [words, sentence] : std::vector<Case>{
           {{}, "which server?"},
           {{"http://localhost", "--transport", "pigeon"}, "--transport is polling or websocket"},
           {{"http://localhost", "--timeout", "soon"}, "--timeout is a time"},
           {{"http://localhost", "--auth", "{"}, "--auth is JSON"},
           {{"http://localhost", "--emit", "say", "hello"}, "--emit takes an event and its arguments"},
           {{"http://localhost", "--emit", "say", R"({"a":1})"}, "--emit takes an event and its arguments"},
           {{"http://localhost", "--emit", "disconnect", "[]"}, "is a reserved event name"},
           {{"http://localhost", "--header", "nothing"}, "--header is a name and a value"},
       }) {
    auto line = words;
    line.insert(line.begin(), "connect");
    EXPECT_EQ(run(line), 2) << sentence;
    EXPECT_NE(err_.str().find(sentence), std::string::npos) << err_.str();
  }
  EXPECT_EQ(run({"connect", "ftp://localhost"}), 1);
  EXPECT_NE(err_.str().find("has a scheme that is none of"), std::string::npos) << err_.str();
  EXPECT_EQ(run({"connect", "ftp://localhost", "--json"}), 1);
  EXPECT_TRUE(
      out_.str().starts_with(R"({"type":"error","message":"aerie: the URL of the server has a scheme)"))
      << out_.str();
}

TEST_F(CommandLine, TimesMayBeWrittenInSeveralUnits) {
  using std::chrono::milliseconds;
  EXPECT_EQ(duration("5s"), milliseconds(5000));
  EXPECT_EQ(duration("250ms"), milliseconds(250));
  EXPECT_EQ(duration("1.5"), milliseconds(1500));
  EXPECT_EQ(duration("2m"), milliseconds(120'000));
  for (auto const* const text : {"", "s", "-1s", "5x", "5 s", "99999999999s"})
    EXPECT_EQ(duration(text), std::nullopt) << text;
}

}}  // namespace aerie::cli
