#include "module_edit.hpp"

#include "command_error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aerie::cli { namespace {

Registration const chat_gateway = {"gateways", "ChatGateway", "chat/chat_gateway.hpp"};

std::string edited(std::string_view source) {
  return add_to_module(source, chat_gateway, "src/app_module.hpp");
}

std::string refusal(std::string_view source) {
  try {
    return "no error, but " + edited(source);
  } catch (CommandError const& error) {
    return error.what();
  }
}

TEST(ModuleEdit, AddsAStatementAndAnInclude) {
  EXPECT_EQ(edited(R"(#pragma once

#include "chat/chat_service.hpp"
#include "rooms/rooms_module.hpp"

#include <aerie/gateway/gateways.hpp>

struct AppModule {
  static void describe(aerie::Module& m) {
    m.imports<RoomsModule>();
    m.provides<ChatService>();
  }
};
)"),
            R"(#pragma once

#include "chat/chat_gateway.hpp"
#include "chat/chat_service.hpp"
#include "rooms/rooms_module.hpp"

#include <aerie/gateway/gateways.hpp>

struct AppModule {
  static void describe(aerie::Module& m) {
    m.imports<RoomsModule>();
    m.provides<ChatService>();
    m.gateways<ChatGateway>();
  }
};
)");
}

TEST(ModuleEdit, NamesTheParameterOfAnEmptyModule) {
  auto const expected = R"(#include "chat/chat_gateway.hpp"

#include <aerie/gateway/gateways.hpp>

struct AppModule {
  static void describe(aerie::Module& m) {
    m.gateways<ChatGateway>();
  }
};
)";
  EXPECT_EQ(edited(R"(#include <aerie/gateway/gateways.hpp>

struct AppModule {
  static void describe(aerie::Module&) {}
};
)"),
            expected);
}

TEST(ModuleEdit, SpreadsABodyOfOneLineAndTakesTheNamesItFinds) {
  EXPECT_EQ(edited("#pragma once\n"
                   "struct AppModule {\n"
                   "\tstatic void describe(aerie::Module &module) { module.provides<A>(); }\n"
                   "};\n"),
            "#pragma once\n"
            "\n"
            "#include \"chat/chat_gateway.hpp\"\n"
            "struct AppModule {\n"
            "\tstatic void describe(aerie::Module &module) {\n"
            "\t  module.provides<A>();\n"
            "\t  module.gateways<ChatGateway>();\n"
            "\t}\n"
            "};\n");
}

TEST(ModuleEdit, KeepsIndentationAndLineEnds) {
  auto const result = edited(
      "#pragma once\r\n"
      "struct AppModule {\r\n"
      "    static void describe(aerie::Module& m) {\r\n"
      "        m.provides<A>();  // the first\r\n"
      "    }\r\n"
      "};\r\n");
  EXPECT_NE(result.find("// the first\r\n        m.gateways<ChatGateway>();\r\n    }\r\n"), std::string::npos)
      << result;
  EXPECT_EQ(result.find('\n'), result.find("\r\n") + 1);
}

TEST(ModuleEdit, ChangesNothingTheSecondTime) {
  for (auto const* const source : {
           "struct M {\n  static void describe(aerie::Module&) {}\n};\n",
           "#include <a>\nstruct M {\n  static void describe(aerie::Module& m) {\n    m.imports<B>();\n  "
           "}\n};\n",
       }) {
    auto const once = edited(source);
    EXPECT_EQ(edited(once), once);
  }
}

TEST(ModuleEdit, SeesARegistrationAmongOthers) {
  std::string const source =
      "#include \"chat/chat_gateway.hpp\"\n"
      "struct M {\n  static void describe(aerie::Module& m) {\n"
      "    m.provides<A>().gateways<OtherGateway,\n                 ChatGateway>();\n  }\n};\n";
  EXPECT_EQ(edited(source), source);
}

TEST(ModuleEdit, IsNotMisledByCommentsTextsAndLongerNames) {
  auto const result = edited(
      "#pragma once\n"
      "// #include \"chat/chat_gateway.hpp\"\n"
      "/* static void describe(aerie::Module& old) { } */\n"
      "struct M {\n"
      "  static void describe(aerie::Module& m) {\n"
      "    // m.gateways<ChatGateway>();\n"
      "    m.gateways<MyChatGateway>();\n"
      "    m.provides_value(Text{\"} m.gateways<ChatGateway>(); {\", R\"x(}\")x\", '}', 1'000});\n"
      "  }\n"
      "};\n");
  EXPECT_NE(result.find("1'000});\n    m.gateways<ChatGateway>();\n  }\n"), std::string::npos) << result;
  EXPECT_NE(result.find("#pragma once\n\n#include \"chat/chat_gateway.hpp\"\n"), std::string::npos) << result;
}

TEST(ModuleEdit, EditsABodyOutsideOfItsClass) {
  auto const result = edited(
      "#include \"app_module.hpp\"\n\nvoid AppModule::describe(aerie::Module& m) {\n  m.imports<A>();\n}\n");
  EXPECT_NE(result.find("  m.imports<A>();\n  m.gateways<ChatGateway>();\n}\n"), std::string::npos) << result;
}

TEST(ModuleEdit, LeavesADescribeOfSomethingElseAlone) {
  std::string const other =
      "struct D {\n  static void describe(aerie::Schema<D>& s) { s.field<&D::x>(); }\n};\n";
  auto const result = edited(other + "struct M {\n  static void describe(aerie::Module& m) {}\n};\n");
  EXPECT_NE(result.find(other), std::string::npos) << result;
}

TEST(ModuleEdit, RefusesWhatItDoesNotUnderstand) {
  auto const by_hand = std::string(
      "; add m.gateways<ChatGateway>(); to the module by hand, with #include \"chat/chat_gateway.hpp\", and "
      "pass "
      "--skip-import to have the files alone");
  EXPECT_EQ(refusal("struct M {\n  static void describe(aerie::Module& m);\n};\n"),
            "src/app_module.hpp has no `static void describe(aerie::Module& m)` with its body" + by_hand);
  EXPECT_EQ(refusal(""),
            "src/app_module.hpp has no `static void describe(aerie::Module& m)` with its body" + by_hand);
  EXPECT_EQ(refusal("struct M {\n  static void describe(aerie::Module& m) {\n"),
            "src/app_module.hpp has no `static void describe(aerie::Module& m)` with its body" + by_hand);
  EXPECT_EQ(refusal("struct M {\n  static void describe(aerie::Module& m) {}\n};\n"
                    "struct N {\n  static void describe(aerie::Module& m) {}\n};\n"),
            "src/app_module.hpp describes more than one module" + by_hand);
  EXPECT_EQ(
      refusal("struct M {\n  static void describe(aerie::Module& m) {\n#if X\n    m.imports<X>();\n#endif\n  "
              "}\n};\n"),
      "src/app_module.hpp has preprocessor lines in its describe" + by_hand);
}

}}  // namespace aerie::cli
