#include "unit/gateway/application_fixture.hpp"

#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace custom_parameter_cases {

using namespace aerie;
using test::ApplicationOnAClock;

struct Upper {
  Value transform(Value value, ArgumentInfo const& info) {
    if (info.source != ArgumentSource::custom || !value.is_string()) return value;
    std::string text(value.as_string());
    for (auto& each : text)
      each = static_cast<char>(std::toupper(each));
    return text;
  }
};

/// What stands in the payload under the name of the handler.
struct OwnMember {
  static Value extract(ExecutionContext& context) { return context.payload()[context.handler_name()]; }
};

struct Page {
  std::int64_t size = 0;
  static void describe(Schema<Page>& s) { s.field<&Page::size>().maximum(100); }
};

struct SizeOfPage {
  static Page extract(ExecutionContext& context) { return {context.payload()["size"].as_int()}; }
};

class CustomGateway {
 public:
  static void describe(Gateway<CustomGateway>& g) {
    g.on<&CustomGateway::plain>();
    g.on<&CustomGateway::piped>().use<Upper>();
    g.on<&CustomGateway::own_pipe>();
    g.on<&CustomGateway::number>();
    g.on<&CustomGateway::beside>().use<Upper>();
    g.on<&CustomGateway::trusted>("trusted").use<ValidationPipe>();
    g.on<&CustomGateway::trusted>("checked").use<ValidationPipe>({.validate_custom = true});
  }

 private:
  Value plain(Custom<OwnMember> const& own) { return *own; }
  std::string piped(Custom<OwnMember, std::string> own) { return *own; }
  std::string own_pipe(Custom<OwnMember, std::string, Upper> own) { return *own; }
  std::int64_t number(Custom<OwnMember, std::int64_t, ParseInt> own) { return *own; }
  std::string beside(Body<"other", std::string> other, Custom<OwnMember, std::string> own,
                     Payload<Value> whole) {
    return *other + *own + std::to_string(whole.plain().as_object().size());
  }
  std::int64_t trusted(Custom<SizeOfPage, Page> page) { return page->size; }
};

struct CustomModule {
  static void describe(Module& m) { m.gateways<CustomGateway>(); }
};

/// What a message with an acknowledgement brings back.
std::string answer(std::string const& event, std::string const& payload) {
  ApplicationOnAClock<CustomModule> world;
  auto client = world.client();
  client.send("21[\"" + event + "\"," + payload + "]");
  world.run();
  return client.take_text();
}

TEST(CustomParameter, IsWhatItsSourceReturns) {
  EXPECT_EQ(answer("plain", R"({"plain":[1,2]})"), "31[[1,2]]");
}

TEST(CustomParameter, PassesThePipesOfTheHandler) {
  EXPECT_EQ(answer("piped", R"({"piped":"ada"})"), R"(31["ADA"])");
}

TEST(CustomParameter, PassesItsOwnPipes) {
  EXPECT_EQ(answer("own_pipe", R"({"own_pipe":"ada"})"), R"(31["ADA"])");
  EXPECT_EQ(answer("number", R"({"number":"42"})"), "31[42]");
  EXPECT_EQ(answer("number", R"({"number":"x"})"),
            R"~(2["exception",{"status":"error","message":"Validation failed (numeric string is expected)",)~"
            R"("cause":{"pattern":"number","data":{"number":"x"}}}])");
}

TEST(CustomParameter, PassesPipesAsTheApplicationsNestjsWouldHaveThem) {
  struct Numbers {
    static void describe(Gateway<Numbers>& g) { g.on<&Numbers::half>(); }
    double half(Body<"n", double, ParseFloat> n) { return *n / 2; }
  };
  struct NumbersModule {
    static void describe(Module& m) { m.gateways<Numbers>(); }
  };
  for (auto const version : {NestjsVersion::v11, NestjsVersion::v12}) {
    auto app = aerie::testing::create<NumbersModule>().options({.nestjs_compatibility = version}).start();
    auto client = app.connect();
    EXPECT_EQ(client.emit_with_ack("half", Value::object({{"n", "3"}})), Value(1.5));
    client.emit("half", Value::object({{"n", " 3"}}));
    if (version == NestjsVersion::v11) {
      client.expect_no_event("exception");
      continue;
    }
    EXPECT_EQ(client.expect_event("exception").at(0)["message"],
              Value("Validation failed (numeric string is expected)"));
  }
  EXPECT_THROW(static_cast<void>(aerie::testing::create<NumbersModule>()
                                     .options({.nestjs_compatibility = static_cast<NestjsVersion>(10)})
                                     .start()),
               gateway::StartError);
}

TEST(CustomParameter, StandsBesideThePayload) {
  EXPECT_EQ(answer("beside", R"({"other":"x","beside":"y","more":1})"), R"(31["xY3"])");
}

TEST(CustomParameter, IsValidatedIfThePipeIsToldSo) {
  EXPECT_EQ(answer("trusted", R"({"size":500})"), "31[500]");
  EXPECT_EQ(answer("checked", R"({"size":50})"), "31[50]");
  EXPECT_EQ(answer("checked", R"({"size":500})"),
            R"(2["exception",{"status":"error","code":"VALIDATION_FAILED",)"
            R"("message":["size must not be greater than 100"]}])");
}

}  // namespace custom_parameter_cases
