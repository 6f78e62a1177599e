#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace controller_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;

struct Note {
  std::int64_t id = 0;
  std::string text;

  static void describe(Schema<Note>& s) {
    s.field<&Note::id>();
    s.field<&Note::text>();
  }
};

struct NewNote {
  std::string text;
  static void describe(Schema<NewNote>& s) { s.field<&NewNote::text>(); }
};

struct User {
  std::string name;
  static User extract(ExecutionContext& context) { return {context.credential("token").value_or("nobody")}; }
};

struct Closed {
  bool can_activate(ExecutionContext&) { return false; }
};

struct NameHeader {
  bool can_activate(ExecutionContext& context) {
    context.set_header("X-Handler", context.handler_name());
    return true;
  }
};

struct Wrapped {
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    auto reply = co_await next();
    co_return std::move(reply).map([](ReplyItem item) {
      return ReplyItem(Value::object({{"data", item.to_value()}}));
    });
  }
};

struct Teapots {
  void on_exception(std::invalid_argument const& error, ExecutionContext& context) {
    context.deliver_response(http::Response::text(418, error.what()));
  }
};

class NoteController {
 public:
  static void describe(Controller<NoteController>& c) {
    c.at("notes");
    c.get<&NoteController::all>();
    c.get<&NoteController::one>(":id");
    c.post<&NoteController::create>().body_limit(100);
    c.put<&NoteController::rename>(":id")
        .header("Cache-Control", "no-store")
        .header("Cache-Control", "private");
    c.del<&NoteController::remove>(":id").http_code(204);
    c.get<&NoteController::found>("search/:word");
    c.get<&NoteController::who>("who/am/i").use<NameHeader>();
    c.post<&NoteController::echo>("echo");
    c.post<&NoteController::property>("property");
    c.get<&NoteController::later>("later");
    c.get<&NoteController::stream>("stream");
    c.get<&NoteController::own>("own").header("X-Own", "1");
    c.get<&NoteController::wrapped>("wrapped").use<Wrapped>();
    c.get<&NoteController::closed>("closed").use<Closed>();
    c.get<&NoteController::fail>("fail/:how");
    c.get<&NoteController::fail>("filtered/:how").use<Teapots>();
    c.get<&NoteController::value>("value/:kind");
  }

 private:
  std::vector<Note> all() { return {{1, "one"}, {2, "two"}}; }
  Note one(Param<"id", std::int64_t> id) { return {*id, "found"}; }
  Note create(NewNote const& note) { return {3, note.text}; }
  Note rename(Param<"id", std::int64_t> id, Body<"text", std::string> text) { return {*id, *text}; }
  void remove(Param<"id"> const&) {}
  std::map<std::string, Value> found(Param<"word"> word, Query<"page", std::optional<std::int64_t>> page,
                                     Header<"x-tag"> tag,
                                     Header<"x-size", std::int64_t, DefaultValue<0>> size) {
    return {{"word", *word}, {"page", page->value_or(1)}, {"tag", tag->value_or("none")}, {"size", *size}};
  }
  std::map<std::string, std::string> who(User const& user, http::Request const& request) {
    return {{"name", user.name}, {"path", std::string(request.path())}};
  }
  Value echo(Value const& body) { return Value::object({{"body", body}}); }
  Value property(Body<"n", std::int64_t> n) { return Value::array({*n}); }
  Task<Note> later() {
    co_await sleep_for(5ms);
    co_return Note{9, "late"};
  }
  Generator<Note> stream() {
    Note first{1, "first"};
    co_yield first;
    Note last{2, "last"};
    co_yield last;
  }
  http::Response own() { return http::Response::text(202, "mine"); }
  std::string wrapped() { return "inside"; }
  void closed() {}
  void fail(Param<"how"> how) {
    if (*how == "ws") throw WsException("not for you");
    if (*how == "notfound") throw NotFoundException("no such note");
    if (*how == "plain") throw HttpException(409, "taken");
    if (*how == "shape") throw ConflictException(Value::object({{"code", 7}}));
    throw std::invalid_argument("secret");
  }
  Value value(Param<"kind"> kind) {
    if (*kind == "text") return "<b>hi</b>";
    if (*kind == "number") return 1.5;
    if (*kind == "bool") return true;
    if (*kind == "null") return nullptr;
    if (*kind == "date") return Date::from_milliseconds(0);
    return {};
  }
};

struct NoteModule {
  static void describe(Module& m) { m.controllers<NoteController>(); }
};

class ControllerTest : public ::testing::Test {
 protected:
  ApplicationOnAClock<NoteModule> server;
};

TEST_F(ControllerTest, AnswersWithWhatHandlersReturn) {
  auto const all = server.get("/notes");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(all.body, R"([{"id":1,"text":"one"},{"id":2,"text":"two"}])");
  EXPECT_EQ(server.get("/notes/17").body, R"({"id":17,"text":"found"})");
  EXPECT_EQ(server.get("/notes/later").status, 0);
  EXPECT_EQ(server.get("/notes/stream").body, R"({"id":2,"text":"last"})");
}

TEST_F(ControllerTest, AnswersLaterWhenAHandlerWaits) {
  server.app.init();
  auto client = server.connect();
  client.write(test::get_request("/notes/later"));
  server.run();
  EXPECT_EQ(client.received(), "");
  server.advance(5ms);
  auto bytes = client.take();
  EXPECT_EQ(test::take_answer(bytes).body, R"({"id":9,"text":"late"})");
}

TEST_F(ControllerTest, AnswersPostWithCreated) {
  auto const answer = server.post("/notes", R"({"text":"new"})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, R"({"id":3,"text":"new"})");
}

TEST_F(ControllerTest, TakesStatusAndHeadersFromItsRoute) {
  auto const removed = server.request("DELETE", "/notes/1");
  EXPECT_EQ(removed.status, 204);
  EXPECT_EQ(removed.body, "");
  auto const renamed = server.request("PUT", "/notes/1", R"({"text":"x"})");
  EXPECT_NE(renamed.head.find("Cache-Control: no-store\r\nCache-Control: private\r\n"), std::string::npos);
  EXPECT_EQ(renamed.body, R"({"id":1,"text":"x"})");
  auto const failed = server.request("PUT", "/notes/1", "{}");
  EXPECT_EQ(failed.status, 400);
  EXPECT_EQ(failed.header("Cache-Control"), "");
}

TEST_F(ControllerTest, ReadsParametersQueriesAndHeaders) {
  EXPECT_EQ(server.get("/notes/search/a%20b%C3%A9?page=4", "X-Tag: blue\r\nX-Size: 3\r\n").body,
            R"({"page":4,"size":3,"tag":"blue","word":"a bé"})");
  EXPECT_EQ(server.get("/notes/search/x").body, R"({"page":1,"size":0,"tag":"none","word":"x"})");
  auto const wrong = server.get("/notes/search/x?page=one");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(
      wrong.body,
      R"({"message":["page: expected a number, got a string"],"error":"Bad Request","statusCode":400})");
}

TEST_F(ControllerTest, ExtractsTypesOfTheApplication) {
  auto const answer = server.get("/notes/who/am/i", "Authorization: bearer abc\r\n");
  EXPECT_EQ(answer.body, R"({"name":"abc","path":"/notes/who/am/i"})");
  EXPECT_EQ(answer.header("X-Handler"), "who");
  EXPECT_EQ(server.get("/notes/who/am/i").body, R"({"name":"nobody","path":"/notes/who/am/i"})");
}

TEST_F(ControllerTest, ReadsBodiesByTheirType) {
  EXPECT_EQ(server.post("/notes/echo", "[1,2]").body, R"({"body":[1,2]})");
  auto const form = "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n";
  EXPECT_EQ(server.request("POST", "/notes/echo", "a=1&b=x+y&a=2", form).body,
            R"({"body":{"a":["1","2"],"b":"x y"}})");
  EXPECT_EQ(server.request("POST", "/notes/echo", "text", "Content-Type: text/plain\r\n").body, "{}");
  EXPECT_EQ(server.request("POST", "/notes/echo").body, "{}");
  EXPECT_EQ(server.request("POST", "/notes/echo", "{}", "Content-Type: application/vnd.note+json\r\n").body,
            R"({"body":{}})");
}

TEST_F(ControllerTest, RefusesMalformedBodies) {
  auto const cut = server.post("/notes/echo", R"({"text":)");
  EXPECT_EQ(cut.status, 400);
  EXPECT_EQ(cut.body, R"({"message":"Unexpected end of JSON input","error":"Bad Request","statusCode":400})");
  auto const wrong = server.post("/notes/echo", "{oops}");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"message":"malformed JSON at byte 1","error":"Bad Request","statusCode":400})");
  EXPECT_EQ(server.post("/notes/echo", "\"\xff\"").status, 400);
}

TEST_F(ControllerTest, RefusesBodiesThatDoNotFit) {
  auto const answer = server.post("/notes", R"({"text":5})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(
      answer.body,
      R"({"message":["text: expected a string, got a number"],"error":"Bad Request","statusCode":400})");
  EXPECT_EQ(server.post("/notes/property", R"({"n":"x"})").status, 400);
  EXPECT_EQ(server.post("/notes/property", R"({"n":3})").body, "[3]");
}

TEST_F(ControllerTest, RefusesBodiesThatAreTooLarge) {
  auto const answer = server.post("/notes", std::string(101, ' '));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, R"({"statusCode":413,"message":"request entity too large"})");
}

TEST_F(ControllerTest, SendsWholeResponsesAsTheyAre) {
  auto const answer = server.get("/notes/own");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "mine");
  EXPECT_EQ(answer.header("X-Own"), "1");
}

TEST_F(ControllerTest, LetsInterceptorsChangeAnswers) {
  EXPECT_EQ(server.get("/notes/wrapped").body, R"({"data":"inside"})");
}

TEST_F(ControllerTest, ForbidsWhatAGuardRefuses) {
  auto const answer = server.get("/notes/closed");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, R"({"message":"Forbidden resource","error":"Forbidden","statusCode":403})");
}

TEST_F(ControllerTest, MakesAnswersOfErrors) {
  auto const unknown = R"({"statusCode":500,"message":"Internal server error"})";
  EXPECT_EQ(server.get("/notes/fail/other").status, 500);
  EXPECT_EQ(server.get("/notes/fail/other").body, unknown);
  EXPECT_TRUE(server.logged("NoteController.fail has failed on GET /notes/fail/other: secret"));
  EXPECT_EQ(server.get("/notes/fail/ws").body, unknown);
  auto const not_found = server.get("/notes/fail/notfound");
  EXPECT_EQ(not_found.status, 404);
  EXPECT_EQ(not_found.body, R"({"message":"no such note","error":"Not Found","statusCode":404})");
  EXPECT_EQ(server.get("/notes/fail/plain").body, R"({"statusCode":409,"message":"taken"})");
  EXPECT_EQ(server.get("/notes/fail/shape").body, R"({"code":7})");
}

TEST_F(ControllerTest, LetsFiltersAnswer) {
  auto const caught = server.get("/notes/filtered/other");
  EXPECT_EQ(caught.status, 418);
  EXPECT_EQ(caught.body, "secret");
  EXPECT_EQ(server.get("/notes/filtered/plain").status, 409);
}

TEST_F(ControllerTest, SendsSingleValuesAsText) {
  struct Case {
    char const* kind;
    char const* type;
    char const* body;
  };
  for (auto const& each :
       {Case{"text", "text/plain; charset=utf-8", "<b>hi</b>"},
        Case{"number", "text/plain; charset=utf-8", "1.5"}, Case{"bool", "text/plain; charset=utf-8", "true"},
        Case{"null", "", ""}, Case{"undefined", "", ""},
        Case{"date", "application/json; charset=utf-8", "\"1970-01-01T00:00:00.000Z\""}}) {
    auto const answer = server.get(std::string("/notes/value/") + each.kind);
    EXPECT_EQ(answer.status, 200) << each.kind;
    EXPECT_EQ(answer.header("Content-Type"), each.type) << each.kind;
    EXPECT_EQ(answer.body, each.body) << each.kind;
  }
  // Nor may a browser take it for a page all the same.
  EXPECT_EQ(server.get("/notes/value/text").header("X-Content-Type-Options"), "nosniff");
}

TEST_F(ControllerTest, SaysWhatItCannotFind) {
  auto const answer = server.get("/nowhere?a=1");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(answer.body, R"({"message":"Cannot GET /nowhere?a=1","error":"Not Found","statusCode":404})");
  auto const other_method = server.request("PATCH", "/notes");
  EXPECT_EQ(other_method.status, 404);
  EXPECT_EQ(other_method.body, R"({"message":"Cannot PATCH /notes","error":"Not Found","statusCode":404})");
}

TEST_F(ControllerTest, ExplainsAMissingSocketIoServerInTheLog) {
  auto const answer = server.get("/socket.io/?EIO=4&transport=polling");
  EXPECT_EQ(
      answer.body,
      R"({"message":"Cannot GET /socket.io/?EIO=4&transport=polling","error":"Not Found","statusCode":404})");
  EXPECT_TRUE(server.logged("no Socket.IO server is attached"));
}

TEST_F(ControllerTest, AnswersHeadWithoutABody) {
  server.app.init();
  auto client = server.connect();
  client.write("HEAD /notes HTTP/1.1\r\nHost: test\r\n\r\n");
  server.run();
  auto const bytes = client.take();
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST(Controllers, SendCorsHeadersWithEveryAnswer) {
  ApplicationOnAClock<NoteModule> server;
  server.app.enable_cors({.origin = "https://chat.example", .credentials = true});
  for (auto const* const target : {"/notes", "/nowhere", "/notes/closed", "/notes/fail/other"}) {
    EXPECT_EQ(server.get(target, "Origin: https://chat.example\r\n").header("Access-Control-Allow-Origin"),
              "https://chat.example")
        << target;
  }
  EXPECT_EQ(server.post("/notes", std::string(101, ' ')).header("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(server.request("OPTIONS", "/notes", "", "Origin: https://chat.example\r\n").status, 204);
}

TEST(Controllers, ShareGlobalLayersWithGateways) {
  static int made = 0;
  struct Once {
    Once() { ++made; }
    bool can_activate(ExecutionContext&) { return true; }
  };
  ApplicationOnAClock<NoteModule> server;
  server.app.use<Once>();
  EXPECT_EQ(server.get("/notes").status, 200);
  EXPECT_EQ(made, 1);
}

struct Counted {
  explicit Counted(std::vector<std::string>& seen) : seen_(seen) {}
  bool can_activate(ExecutionContext& context) {
    seen_.emplace_back(to_string(context.type()));
    return true;
  }
  std::vector<std::string>& seen_;
};

std::vector<std::string> seen_by_all;
std::vector<std::string> seen_by_gateways;

struct SeenByAll : Counted {
  SeenByAll() : Counted(seen_by_all) {}
};
struct SeenByGateways : Counted {
  SeenByGateways() : Counted(seen_by_gateways) {}
};

TEST(Controllers, ApplyGlobalLayersUnlessTheseAreForGatewaysOnly) {
  ApplicationOnAClock<NoteModule> server;
  server.app.use<SeenByAll>();
  server.app.use<SeenByGateways>().only(ContextType::ws);
  server.get("/notes");
  EXPECT_EQ(seen_by_all, std::vector<std::string>{"http"});
  EXPECT_TRUE(seen_by_gateways.empty());
}

// --- What cannot be served stops the start.

template <class C>
struct ModuleOf {
  static void describe(Module& m) { m.controllers<C>(); }
};

template <class C>
std::string start_error() {
  ApplicationOnAClock<ModuleOf<C>> server;
  try {
    server.app.init();
  } catch (gateway::StartError const& error) {
    return error.what();
  }
  return "";
}

struct TakesSocket {
  static void describe(Controller<TakesSocket>& c) { c.get<&TakesSocket::get>("x"); }
  void get(Socket&) {}
};

TEST(Controllers, CannotTakeASocket) {
  EXPECT_EQ(
      start_error<TakesSocket>(),
      "aerie: TakesSocket::get asks for Socket&, but it answers HTTP requests, which have none; ask for "
      "aerie::http::Request const& or aerie::ExecutionContext&");
}

struct UnknownParameter {
  static void describe(Controller<UnknownParameter>& c) { c.get<&UnknownParameter::get>("rooms/:room"); }
  void get(Param<"id"> const&) {}
};

TEST(Controllers, CannotTakeAParameterThatIsNotInThePath) {
  EXPECT_EQ(
      start_error<UnknownParameter>(),
      "aerie: UnknownParameter::get takes aerie::Param<\"id\">, but its path is /rooms/:room; write :id "
      "where it stands in the path");
}

struct Twice {
  static void describe(Controller<Twice>& c) {
    c.get<&Twice::get>("x");
    c.get<&Twice::get>("/x/");
  }
  void get() {}
};

TEST(Controllers, CannotAnswerARouteTwice) {
  EXPECT_EQ(start_error<Twice>(), "aerie: route \"/x\": there is one for GET already (Twice::get)");
}

struct QueryGateway {
  static void describe(Gateway<QueryGateway>& g) { g.on<&QueryGateway::ask>("ask"); }
  void ask(Query<"page"> const&) {}
};

TEST(Gateways, CannotTakeWhatOnlyRequestsHave) {
  struct Root {
    static void describe(Module& m) { m.gateways<QueryGateway>(); }
  };
  ApplicationOnAClock<Root> server;
  EXPECT_THROW(server.app.init(), gateway::StartError);
}

}  // namespace controller_cases
