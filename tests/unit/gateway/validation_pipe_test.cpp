#include "unit/gateway/application_fixture.hpp"

#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace validation_pipe_cases {

using namespace aerie;
using test::ApplicationOnAClock;

struct UserDto {
  std::string name;
  std::int64_t age = 0;

  static void describe(Schema<UserDto>& s) {
    s.field<&UserDto::name>().length(2, 8);
    s.field<&UserDto::age>().minimum(0);
  }
};

struct Seen {
  Value plain;
  bool is_transformed = false;
  static void describe(Schema<Seen>& s) {
    s.field<&Seen::plain>();
    s.field<&Seen::is_transformed>("is");
  }
};

struct Untouched {
  Value transform(Value value) { return value; }
};

struct UserController {
  static void describe(Controller<UserController>& c) {
    c.post<&UserController::seen>("plain").use<ValidationPipe>();
    c.post<&UserController::seen>("whitelist").use<ValidationPipe>({.whitelist = true});
    c.post<&UserController::seen>("forbid").use<ValidationPipe>(
        {.whitelist = true, .forbid_non_whitelisted = true});
    c.post<&UserController::seen>("transform").use<ValidationPipe>({.transform = true});
    c.post<&UserController::seen>("transform/then").use<ValidationPipe>({.transform = true}).use<Untouched>();
    c.post<&UserController::seen>("implicit")
        .use<ValidationPipe>({.transform = true, .enable_implicit_conversion = true});
    c.post<&UserController::seen>("first").use<ValidationPipe>({.stop_at_first_error = true});
    c.post<&UserController::seen>("skip").use<ValidationPipe>({.skip_missing_properties = true});
    c.post<&UserController::seen>("silent").use<ValidationPipe>({.disable_error_messages = true});
    c.post<&UserController::seen>("status").use<ValidationPipe>({.error_http_status = 422});
    c.post<&UserController::seen>("factory").use<ValidationPipe>(
        {.exception_factory = [](std::vector<ValidationError> const& errors) {
          return ConflictException("wrong: " + errors.front().property);
        }});
    c.post<&UserController::decoded>("decoded").use<ValidationPipe>();
    c.get<&UserController::search>("search").use<ValidationPipe>({.enable_implicit_conversion = true});
    c.post<&UserController::own>("own");
  }
  Seen seen(Payload<UserDto> const& payload) { return {payload.plain(), payload.is_transformed()}; }
  UserDto decoded(UserDto const& user) { return user; }
  Value search(Query<"", UserDto> const& user) { return user->name; }
  Seen own(Payload<UserDto, ValidationPipe> const& payload) {
    return {payload.plain(), payload.is_transformed()};
  }
};

struct UserGateway {
  static void describe(Gateway<UserGateway>& g) {
    g.on<&UserGateway::seen>("plain").use<ValidationPipe>();
    g.on<&UserGateway::seen>("nest").use<ValidationPipe>({.always_http_exception = true});
    g.on<&UserGateway::seen>("silent").use<ValidationPipe>({.disable_error_messages = true});
    g.on<&UserGateway::seen>("factory").use<ValidationPipe>(
        {.exception_factory = [](std::vector<ValidationError> const& errors) {
          return WsException(to_value(errors));
        }});
    g.on<&UserGateway::number>("number");
  }
  Seen seen(Payload<UserDto> const& payload) { return {payload.plain(), payload.is_transformed()}; }
  std::int64_t number(Body<"n", std::int64_t, DefaultValue<3>, ParseInt> n) { return *n; }
};

struct UserModule {
  static void describe(Module& m) { m.controllers<UserController>().gateways<UserGateway>(); }
};

class ValidationPipeTest : public ::testing::Test {
 protected:
  std::string post(std::string_view target, std::string_view body) {
    auto const answer = server.post(target, body);
    return std::to_string(answer.status) + " " + answer.body;
  }
  ApplicationOnAClock<UserModule> server;
};

constexpr auto good = R"({"name":"Ada","age":36})";

TEST_F(ValidationPipeTest, LetsThroughWhatFits) {
  EXPECT_EQ(post("/plain", good), R"(201 {"plain":{"name":"Ada","age":36},"is":false})");
  EXPECT_EQ(post("/decoded", good), R"(201 {"name":"Ada","age":36})");
  EXPECT_EQ(post("/own", good), R"(201 {"plain":{"name":"Ada","age":36},"is":false})");
}

TEST_F(ValidationPipeTest, ListsWhatIsWrong) {
  EXPECT_EQ(post("/plain", R"({"name":"x","age":-1})"),
            R"(400 {"message":["name must be longer than or equal to 2 characters",)"
            R"("age must not be less than 0"],"error":"Bad Request","statusCode":400})");
}

TEST_F(ValidationPipeTest, ChecksWhatIsNoObjectAsAnEmptyOne) {
  auto const empty = post("/first", "{}");
  EXPECT_EQ(empty.substr(0, 3), "400");
  for (auto const* const body : {"", "null", "5", "[1]", "\"text\""})
    EXPECT_EQ(post("/first", body), empty) << body;
}

TEST_F(ValidationPipeTest, RemovesOrRefusesWhatIsNotDescribed) {
  auto const more = R"({"name":"Ada","age":36,"admin":true})";
  EXPECT_EQ(post("/whitelist", more), R"(201 {"plain":{"name":"Ada","age":36},"is":false})");
  EXPECT_EQ(post("/plain", more), R"(201 {"plain":{"name":"Ada","age":36,"admin":true},"is":false})");
  EXPECT_EQ(post("/forbid", more),
            R"(400 {"message":["property admin should not exist"],"error":"Bad Request","statusCode":400})");
}

TEST_F(ValidationPipeTest, SaysThatAValueIsOfItsType) {
  EXPECT_EQ(post("/transform", good), R"(201 {"plain":{"name":"Ada","age":36},"is":true})");
  EXPECT_EQ(post("/transform/then", good), R"(201 {"plain":{"name":"Ada","age":36},"is":false})");
}

TEST_F(ValidationPipeTest, ConvertsIfAsked) {
  EXPECT_EQ(post("/implicit", R"({"name":12,"age":"36"})"),
            R"(201 {"plain":{"name":"12","age":36},"is":true})");
  EXPECT_EQ(server.get("/search?name=Ada&age=36").body, "Ada");
}

TEST_F(ValidationPipeTest, HasOptionsForItsAnswers) {
  auto const wrong = R"({"name":"x","age":1})";
  EXPECT_EQ(post("/silent", wrong), R"(400 {"message":"Bad Request","statusCode":400})");
  EXPECT_EQ(post("/status", wrong), R"(422 {"message":["name must be longer than or equal to 2 characters"],)"
                                    R"("error":"Unprocessable Entity","statusCode":422})");
  EXPECT_EQ(post("/factory", wrong), R"(409 {"message":"wrong: name","error":"Conflict","statusCode":409})");
  EXPECT_EQ(post("/skip", "{}").substr(0, 3), "201");
}

TEST_F(ValidationPipeTest, TellsClientsOfGatewaysWhatIsWrong) {
  auto client = server.client();
  auto const ask = [&](std::string_view event) {
    client.send(R"(2[")" + std::string(event) + R"(",{"name":"x","age":1}])");
    return client.take_text();
  };
  EXPECT_EQ(ask("plain"), R"(2["exception",{"status":"error","code":"VALIDATION_FAILED",)"
                          R"("message":["name must be longer than or equal to 2 characters"]}])");
  EXPECT_EQ(ask("silent"), R"(2["exception",{"status":"error","code":"VALIDATION_FAILED",)"
                           R"("message":"Validation failed"}])");
  EXPECT_EQ(ask("nest"), R"(2["exception",{"status":"error","message":"Internal server error",)"
                         R"("cause":{"pattern":"nest","data":{"name":"x","age":1}}}])");
  EXPECT_EQ(ask("factory"),
            R"(2["exception",[{"value":"x","property":"name","children":[],)"
            R"("constraints":{"isLength":"name must be longer than or equal to 2 characters"}}]])");
}

TEST_F(ValidationPipeTest, StandsBesideOtherPipesOfAParameter) {
  auto client = server.client();
  client.send(R"(21["number",{"n":"5"}])");
  client.send(R"(22["number",{}])");
  EXPECT_EQ(client.take_text(), "31[5] 32[3]");
  client.send(R"(23["number",{"n":"x"}])");
  EXPECT_EQ(client.take_text(),
            R"~(2["exception",{"status":"error","message":"Validation failed (numeric string is expected)",)~"
            R"("cause":{"pattern":"number","data":{"n":"x"}}}])");
}

struct Settings {
  std::optional<bool> dark;
  std::optional<std::string> language;
  static void describe(Schema<Settings>& s) {
    s.field<&Settings::dark>();
    s.field<&Settings::language>().length(2, 2);
  }
};

class SettingsGateway {
 public:
  static void describe(Gateway<SettingsGateway>& g) {
    g.on<&SettingsGateway::set>("settings").use<ValidationPipe>({.transform = true});
    g.on<&SettingsGateway::member>("member").use<ValidationPipe>({.transform = true});
    g.on<&SettingsGateway::argument>("argument").use<ValidationPipe>({.transform = true});
    g.on<&SettingsGateway::maybe>("maybe").use<ValidationPipe>({.transform = true});
    g.on<&SettingsGateway::user>("user").use<ValidationPipe>({.transform = true});
    g.on<&SettingsGateway::set>("plain").use<ValidationPipe>();
    g.on<&SettingsGateway::grid>("grid");
    g.on<&SettingsGateway::either>("either");
    g.on<&SettingsGateway::fail>("fail");
  }
  Settings set(Settings const& settings) { return settings; }
  Settings member(Body<"settings", Settings> const& settings) { return *settings; }
  Settings argument(Arguments<std::int64_t, Settings> const& arguments) { return arguments.get<1>(); }
  bool maybe(std::optional<Settings> const& settings) { return settings.has_value(); }
  UserDto user(UserDto const& user) { return user; }
  void grid(Body<"grid", std::vector<std::vector<int>>> const&) {}
  void either(std::variant<std::string, Settings> const&) {}
  void fail(Value const&) { throw WsException("no"); }
};

class SettingsController {
 public:
  static void describe(Controller<SettingsController>& c) {
    c.post<&SettingsController::set>("settings").use<ValidationPipe>({.transform = true});
    c.post<&SettingsController::grid>("grid");
  }
  Settings set(Settings const& settings) { return settings; }
  void grid(Body<"grid", std::vector<std::vector<int>>> const&) {}
};

struct SettingsModule {
  static void describe(Module& m) { m.gateways<SettingsGateway>().controllers<SettingsController>(); }
};

TEST(ValidationPipeOfNothing, MakesTheObjectWhoseMembersAreAllOptional) {
  ApplicationOnAClock<SettingsModule> server;
  auto client = server.client();
  client.send(R"(21["settings"])");
  client.send(R"(22["settings",null])");
  client.send(R"(23["member",{}])");
  client.send(R"(24["argument",7])");
  EXPECT_EQ(client.take_text(), "31[{}] 32[{}] 33[{}] 34[{}]");
  client.send(R"(25["maybe"])");
  client.send(R"(26["settings",{"language":"de"}])");
  EXPECT_EQ(client.take_text(), R"(35[false] 36[{"language":"de"}])");
  // What a rule misses is still said.
  client.send(R"(2["user"])");
  EXPECT_NE(client.take_text().find("name must be longer than or equal to 2 characters"), std::string::npos);
  EXPECT_EQ(server.post("/settings", "").body, "{}");
  EXPECT_EQ(server.post("/settings", "null").body, "{}");
}

TEST(ValidationPipeOfNothing, LeavesNothingAsItIsWithoutTransform) {
  ApplicationOnAClock<SettingsModule> server;
  auto client = server.client();
  client.send(R"(2["plain"])");
  EXPECT_EQ(client.take_text(), R"(2["exception",{"status":"error","code":"VALIDATION_FAILED",)"
                                R"("message":["expected an object, got undefined"]}])");
}

TEST(DecodingErrors, AreToldAsThoseOfRules) {
  ApplicationOnAClock<SettingsModule> server;
  auto client = server.client();
  auto const refused = [](std::string const& text) {
    return R"(2["exception",{"status":"error","code":"VALIDATION_FAILED","message":[")" + text + R"("]}])";
  };
  client.send(R"(2["grid",{"grid":[["x"]]}])");
  EXPECT_EQ(client.take_text(), refused("grid.0.0: expected a number, got a string"));
  client.send(R"(2["either",5])");
  EXPECT_EQ(client.take_text(),
            refused("argument 1: expected one of several types, none of which fits a number"));
  client.send(R"(2["settings",{"dark":1}])");
  EXPECT_EQ(client.take_text(), refused("dark must be a boolean value"));
  EXPECT_EQ(
      server.post("/grid", R"({"grid":[["x"]]})").body,
      R"({"message":["grid.0.0: expected a number, got a string"],"error":"Bad Request","statusCode":400})");
}

TEST(BaseWsExceptionFilterCause, RepeatsSmallPayloadsOnly) {
  ApplicationOnAClock<SettingsModule> server;
  auto client = server.client();
  client.send(R"(2["fail",{"a":1}])");
  EXPECT_EQ(client.take_text(),
            R"(2["exception",{"status":"error","message":"no","cause":{"pattern":"fail","data":{"a":1}}}])");
  client.send(R"(2["fail",")" + std::string(100'000, 'x') + R"("])");
  EXPECT_EQ(client.take_text(),
            R"(2["exception",{"status":"error","message":"no","cause":{"pattern":"fail"}}])");
}

// --- How texts are put together

struct Basket {
  std::vector<UserDto> users;
  static void describe(Schema<Basket>& s) { s.field<&Basket::users>().array_max_size(1); }
};

struct Age {
  static constexpr std::string_view name = "age";
  static void describe(FieldRef field) { field.minimum(0).maximum(150); }
};
struct Short {
  static void describe(FieldRef field) { field.max_length(3); }
};

class BasketController {
 public:
  static void describe(Controller<BasketController>& c) {
    c.post<&BasketController::take>("list").use<ValidationPipe>();
    c.post<&BasketController::take>("grouped").use<ValidationPipe>({.error_format = ErrorFormat::grouped});
    c.post<&BasketController::take>("unprocessable")
        .use<ValidationPipe>({.error_http_status = 422, .error_format = ErrorFormat::grouped});
    c.post<&BasketController::silent>("silent").use<ValidationPipe>(
        {.disable_error_messages = true, .error_format = ErrorFormat::grouped});
    c.get<&BasketController::age>("age");
  }

 private:
  void take(Basket const&) {}
  void silent(Basket const&) {}
  std::int64_t age(Query<"age", std::int64_t, ParseInt, Check<std::int64_t, Age>> age) { return *age; }
};

class BasketGateway {
 public:
  static void describe(Gateway<BasketGateway>& g) {
    g.on<&BasketGateway::take>("list").use<ValidationPipe>();
    g.on<&BasketGateway::take>("grouped").use<ValidationPipe>({.error_format = ErrorFormat::grouped});
    g.on<&BasketGateway::age>("age");
    g.on<&BasketGateway::text>("text");
  }

 private:
  void take(Basket const&) {}
  std::int64_t age(Body<"age", std::int64_t, Check<std::int64_t, Age>> age) { return *age; }
  std::string text(Payload<std::string, Check<std::string, Short>> const& text) { return text.value(); }
};

struct BasketModule {
  static void describe(Module& m) { m.controllers<BasketController>().gateways<BasketGateway>(); }
};

constexpr auto two_users = R"({"users":[{"name":"x","age":1},{"name":"Ada","age":-1}]})";

Value parsed(std::string_view text) {
  Value value;
  EXPECT_TRUE(json::parse(text, value).ok()) << text;
  return value;
}

std::string answer_of(aerie::testing::Application& app, std::string_view path) {
  auto const response = app.http().post(path, parsed(two_users));
  return std::to_string(response.status) + " " + response.body;
}

TEST(ValidationPipeTexts, AreAListWhereParentsComeFirst) {
  auto twelve = aerie::testing::create<BasketModule>().start();
  EXPECT_EQ(
      answer_of(twelve, "/list"),
      R"(400 {"message":["users must contain no more than 1 elements",)"
      R"("users.0.name must be longer than or equal to 2 characters","users.1.age must not be less than 0"],)"
      R"("error":"Bad Request","statusCode":400})");
  auto eleven =
      aerie::testing::create<BasketModule>().options({.nestjs_compatibility = NestjsVersion::v11}).start();
  EXPECT_EQ(answer_of(eleven, "/list"),
            R"(400 {"message":["users.0.name must be longer than or equal to 2 characters",)"
            R"("users.1.age must not be less than 0"],"error":"Bad Request","statusCode":400})");
}

TEST(ValidationPipeTexts, AreGroupedIfAsked) {
  auto app = aerie::testing::create<BasketModule>().start();
  std::string const grouped = R"({"users":["users must contain no more than 1 elements"],)"
                              R"("users.0.name":["name must be longer than or equal to 2 characters"],)"
                              R"("users.1.age":["age must not be less than 0"]})";
  EXPECT_EQ(answer_of(app, "/grouped"),
            R"(400 {"message":)" + grouped + R"(,"error":"Bad Request","statusCode":400})");
  EXPECT_EQ(answer_of(app, "/unprocessable"),
            R"(422 {"message":)" + grouped + R"(,"error":"Unprocessable Entity","statusCode":422})");
  EXPECT_EQ(answer_of(app, "/silent"), R"(400 {"message":"Bad Request","statusCode":400})");
  auto client = app.connect();
  client.emit("grouped", parsed(two_users));
  auto const refused = client.expect_event<Value>("exception");
  EXPECT_EQ(refused["code"], Value("VALIDATION_FAILED"));
  EXPECT_EQ(json::stringify(refused["message"]), grouped);
}

TEST(Check, ChecksAParameterThatIsNoStruct) {
  auto app = aerie::testing::create<BasketModule>().start();
  auto client = app.connect();
  auto const complaint = [&](std::string_view event, Value const& payload) {
    client.emit(event, payload);
    return json::stringify(client.expect_event<Value>("exception")["message"]);
  };
  EXPECT_EQ(client.emit_with_ack("age", Value::object({{"age", 36}})), Value(36));
  EXPECT_EQ(complaint("age", Value::object({{"age", 151}})), R"(["age must not be greater than 150"])");
  EXPECT_EQ(
      complaint("age", Value::object({{"age", "x"}})),
      R"(["age must not be greater than 150","age must not be less than 0","age must be an integer number"])");
  EXPECT_EQ(client.emit_with_ack("text", "abc"), Value("abc"));
  EXPECT_EQ(complaint("text", "abcd"), R"(["value must be shorter than or equal to 3 characters"])");
  EXPECT_EQ(app.http().get("/age?age=36").body, "36");
  EXPECT_EQ(app.http().get("/age?age=-1").body,
            R"({"message":["age must not be less than 0"],"error":"Bad Request","statusCode":400})");
}

}  // namespace validation_pipe_cases
