#include "unit/contract/shop.hpp"

#include <aerie/contract/emit.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace contract_emit_cases {

using namespace aerie;

class EmitTest : public ::testing::Test {
 protected:
  EmitTest() {
    std::string name = (std::filesystem::temp_directory_path() / "aerie-contract-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~EmitTest() override { std::filesystem::remove_all(directory_); }

  std::string file(std::string const& name) const { return (directory_ / name).string(); }
  static std::string content(std::string const& name) {
    std::ifstream input(name);
    return std::string(std::istreambuf_iterator<char>(input), {});
  }
  static void write(std::string const& name, std::string const& text) { std::ofstream(name) << text; }

  static std::vector<char const*> arguments_of(std::vector<std::string> const& words) {
    std::vector<char const*> arguments{"/usr/bin/shop"};
    for (auto const& word : words)
      arguments.push_back(word.c_str());
    return arguments;
  }

  int run(std::vector<std::string> const& words) {
    auto const arguments = arguments_of(words);
    output_.str({});
    errors_.str({});
    return contract::emit(
        static_cast<int>(arguments.size()), arguments.data(),
        [] { return contract_of<contract_shop::ShopModule>(); }, {}, output_, errors_);
  }
  std::string output() const { return output_.str(); }
  std::string errors() const { return errors_.str(); }

 private:
  std::filesystem::path directory_;
  std::ostringstream output_;
  std::ostringstream errors_;
};

TEST_F(EmitTest, IsAskedForByItsOwnOptionsAlone) {
  auto const asked = [](std::vector<std::string> const& words) {
    auto const arguments = arguments_of(words);
    return contract::is_asked_for(static_cast<int>(arguments.size()), arguments.data());
  };
  EXPECT_FALSE(asked({}));
  EXPECT_FALSE(asked({"--port", "4000", "--emit-typescript-please"}));
  EXPECT_TRUE(asked({"--port", "4000", "--emit-typescript", "a.ts"}));
  EXPECT_TRUE(asked({"--emit-asyncapi=a.json"}));
  EXPECT_TRUE(asked({"--emit-openapi"}));
  EXPECT_TRUE(asked({"--check"}));
  EXPECT_FALSE(contract::is_asked_for(0, nullptr));
}

TEST_F(EmitTest, WritesEachFormatThatIsAskedFor) {
  auto const typescript = file("a.ts");
  auto const asyncapi = file("a.json");
  auto const openapi = file("o.json");
  EXPECT_EQ(run({"--emit-typescript", typescript, "--emit-asyncapi=" + asyncapi, "--emit-openapi", openapi}),
            0);
  EXPECT_NE(content(typescript).find("shop --emit-typescript FILE"), std::string::npos);
  EXPECT_NE(content(asyncapi).find("\"asyncapi\": \"3.0.0\""), std::string::npos);
  EXPECT_NE(content(openapi).find("\"title\": \"shop\""), std::string::npos);
  EXPECT_EQ(errors(), "");
}

TEST_F(EmitTest, WritesToTheStandardOutput) {
  EXPECT_EQ(run({"--emit-openapi", "-"}), 0);
  EXPECT_TRUE(output().starts_with("{\n  \"openapi\""));
}

TEST_F(EmitTest, LeavesAFileThatIsFreshAsItIs) {
  auto const name = file("a.ts");
  ASSERT_EQ(run({"--emit-typescript", name}), 0);
  auto const old = std::filesystem::file_time_type::clock::now() - std::chrono::hours{1};
  std::filesystem::last_write_time(name, old);
  auto const before = std::filesystem::last_write_time(name);
  ASSERT_EQ(run({"--emit-typescript", name}), 0);
  EXPECT_EQ(std::filesystem::last_write_time(name), before);
}

TEST_F(EmitTest, ChecksWithoutWriting) {
  auto const name = file("a.ts");
  EXPECT_EQ(run({"--emit-typescript", name, "--check"}), 1);
  EXPECT_FALSE(std::filesystem::exists(name));
  EXPECT_EQ(errors(), "shop: " + name +
                          " is not there, or cannot be read; renew it with: shop --emit-typescript " + name +
                          "\n");

  ASSERT_EQ(run({"--emit-typescript", name}), 0);
  EXPECT_EQ(run({"--check", "--emit-typescript", name}), 0);
  EXPECT_EQ(errors(), "");

  write(name, "export {};\n");
  EXPECT_EQ(run({"--emit-typescript", name, "--check"}), 1);
  EXPECT_EQ(errors(),
            "shop: " + name +
                " is stale: it is not what the gateways and controllers say now; renew it with: shop "
                "--emit-typescript " +
                name + "\n");
  EXPECT_EQ(content(name), "export {};\n");
}

TEST_F(EmitTest, NamesEachFileThatIsStale) {
  auto const fresh = file("a.ts");
  ASSERT_EQ(run({"--emit-typescript", fresh}), 0);
  EXPECT_EQ(run({"--check", "--emit-asyncapi", file("a.json"), "--emit-typescript", fresh}), 1);
  EXPECT_NE(errors().find("a.json"), std::string::npos);
  EXPECT_EQ(errors().find("a.ts"), std::string::npos);
}

TEST_F(EmitTest, SaysWhatIsWrongWithTheOptions) {
  for (std::vector<std::string> const& words : {std::vector<std::string>{"--emit-typescript"},
                                                {"--emit-typescript", "--check"},
                                                {"--emit-openapi="}}) {
    EXPECT_EQ(run(words), 2);
    EXPECT_NE(errors().find("needs the name of a file"), std::string::npos) << errors();
  }
  EXPECT_EQ(run({"--check"}), 2);
  EXPECT_NE(errors().find("--emit-typescript FILE"), std::string::npos);
}

TEST_F(EmitTest, SaysWhichFileItCannotWrite) {
  EXPECT_EQ(run({"--emit-typescript", file("no/such/folder/a.ts")}), 1);
  EXPECT_NE(errors().find("cannot write " + file("no/such/folder/a.ts")), std::string::npos) << errors();
}

}  // namespace contract_emit_cases
