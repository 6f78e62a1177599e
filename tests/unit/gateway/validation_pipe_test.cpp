#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

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

struct Upper {
  Value transform(Value value) { return value; }
};

struct UserController {
  static void describe(Controller<UserController>& c) {
    c.post<&UserController::seen>("plain").use<ValidationPipe>();
    c.post<&UserController::seen>("whitelist").use<ValidationPipe>({.whitelist = true});
    c.post<&UserController::seen>("forbid").use<ValidationPipe>(
        {.whitelist = true, .forbid_non_whitelisted = true});
    c.post<&UserController::seen>("transform").use<ValidationPipe>({.transform = true});
    c.post<&UserController::seen>("transform/then").use<ValidationPipe>({.transform = true}).use<Upper>();
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

}  // namespace validation_pipe_cases
