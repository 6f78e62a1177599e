#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace text_values_cases {

using namespace aerie;
using test::ApplicationOnAClock;

enum class Order { up, down };
void describe(EnumSchema<Order>& e) {
  e.value<Order::up>().value<Order::down>();
}

struct Search {
  std::vector<std::string> roles;
  std::optional<std::vector<std::int64_t>> ids;
  std::set<std::string> tags;
  std::optional<std::int64_t> page;
  std::optional<bool> exact;
  std::optional<Order> order;

  static void describe(Schema<Search>& s) {
    s.field<&Search::roles>();
    s.field<&Search::ids>();
    s.field<&Search::tags>();
    s.field<&Search::page>().minimum(1);
    s.field<&Search::exact>();
    s.field<&Search::order>();
  }
};

struct Agent {
  std::string host;
  std::optional<std::int64_t> depth;
  static void describe(Schema<Agent>& s) {
    s.field<&Agent::host>();
    s.field<&Agent::depth>("x-depth");
  }
};

class SearchController {
 public:
  static void describe(Controller<SearchController>& c) {
    c.get<&SearchController::list<std::vector<std::string>>>("texts");
    c.get<&SearchController::list<std::vector<std::int64_t>>>("numbers");
    c.get<&SearchController::list<std::set<std::string>>>("set");
    c.get<&SearchController::list<std::array<bool, 2>>>("array");
    c.get<&SearchController::list<std::pair<std::string, std::int64_t>>>("pair");
    c.get<&SearchController::list<std::optional<std::vector<std::string>>>>("optional");
    c.get<&SearchController::list<std::string>>("one");
    c.get<&SearchController::list<Value>>("any");
    c.get<&SearchController::split>("split");
    c.get<&SearchController::in_header>("header");
    c.get<&SearchController::all>("all");
    c.get<&SearchController::all>("checked").use<ValidationPipe>({.whitelist = true, .transform = true});
    c.get<&SearchController::lists>("lists");
    c.get<&SearchController::agent>("agent");
    c.get<&SearchController::place>("place/:x/:y");
    c.post<&SearchController::form>("form");
    c.post<&SearchController::form>("form/checked").use<ValidationPipe>();
    c.post<&SearchController::member>("member");
  }
  template <class T>
  T list(Query<"q", T> const& values) {
    return *values;
  }
  std::vector<std::string> split(Query<"q", std::vector<std::string>, ParseArray<>> const& values) {
    return *values;
  }
  std::vector<std::int64_t> in_header(Header<"x-ids", std::vector<std::int64_t>> const& values) {
    return *values;
  }
  Search all(Query<"", Search> const& search) { return *search; }
  std::map<std::string, std::vector<std::string>> lists(
      Query<"", std::map<std::string, std::vector<std::string>>> const& search) {
    return *search;
  }
  Agent agent(Header<"", Agent> const& agent) { return *agent; }
  std::map<std::string, std::int64_t> place(Param<"", std::map<std::string, std::int64_t>> const& place) {
    return *place;
  }
  Search form(Search const& search) { return search; }
  std::vector<std::int64_t> member(Body<"ids", std::vector<std::int64_t>> const& ids) { return *ids; }
};

template <class C>
struct ModuleOf {
  static void describe(Module& m) { m.controllers<C>(); }
};

class TextValues : public ::testing::Test {
 protected:
  std::string get(std::string_view target, std::string_view headers = "") {
    return server.get(target, headers).body;
  }
  std::string post_form(std::string_view target, std::string_view body) {
    return server.request("POST", target, body, "Content-Type: application/x-www-form-urlencoded\r\n").body;
  }
  ApplicationOnAClock<ModuleOf<SearchController>> server;
};

TEST_F(TextValues, TakeTheirArityFromTheTypeOfAQueryParameter) {
  struct {
    std::string target;
    std::string answer;
  } const cases[] = {
      {"/texts?q=a&q=b&p=c", R"(["a","b"])"},
      {"/texts?q=a", R"(["a"])"},
      {"/texts?q=", R"([""])"},
      {"/texts", "[]"},
      {"/texts?q=a%2Cb", R"(["a,b"])"},
      {"/numbers?q=1&q=-2.0", "[1,-2]"},
      {"/numbers?q=7", "[7]"},
      {"/set?q=b&q=a&q=b", R"(["a","b"])"},
      {"/array?q=true&q=false", "[true,false]"},
      {"/pair?q=12&q=12", R"(["12",12])"},
      {"/optional?q=a", R"(["a"])"},
      {"/optional", ""},
      {"/one?q=a&q=b", "b"},
      {"/any?q=a&q=b", R"(["a","b"])"},
      {"/any?q=a", "a"},
      {"/split?q=a,b", R"(["a","b"])"},
      {"/split?q=a&q=b,c", R"(["a","b,c"])"},
      {"/lists?a=1&b=2&a=3", R"({"a":["1","3"],"b":["2"]})"},
      {"/place/3/4", R"({"x":3,"y":4})"},
  };
  for (auto const& [target, answer] : cases)
    EXPECT_EQ(get(target), answer) << target;
  auto const wrong =
      R"({"message":["q.1: expected a number, got a string"],"error":"Bad Request","statusCode":400})";
  EXPECT_EQ(get("/numbers?q=1&q=x"), wrong);
}

TEST_F(TextValues, AreTheElementsOfAHeaderThatIsAList) {
  EXPECT_EQ(get("/header", "X-Ids: 1, 2 ,,3\r\n"), "[1,2,3]");
  EXPECT_EQ(get("/header", "X-Ids: 1\r\n"), "[1]");
  EXPECT_EQ(get("/header"), "[]");
  EXPECT_EQ(get("/agent", "X-Depth: 3\r\n"), R"({"host":"test","x-depth":3})");
}

TEST_F(TextValues, TakeTheirArityFromTheMembersOfAForm) {
  auto const one = R"({"roles":["a"],"ids":[1],"tags":[],"page":2,"exact":true,"order":"up"})";
  auto const two = R"({"roles":["a","b"],"tags":["x"]})";
  for (auto const* const target : {"/all", "/checked"}) {
    EXPECT_EQ(get(std::string(target) + "?roles=a&ids=1&page=2&exact=true&order=up"), one) << target;
    EXPECT_EQ(get(std::string(target) + "?roles=a&tags=x&roles=b"), two) << target;
    EXPECT_EQ(get(target), R"({"roles":[],"tags":[]})") << target;
  }
  EXPECT_EQ(get("/checked?page=0"),
            R"({"message":["page must not be less than 1"],"error":"Bad Request","statusCode":400})");
  for (auto const* const target : {"/form", "/form/checked"}) {
    EXPECT_EQ(post_form(target, "roles=a&ids=1&page=2&exact=true&order=up"), one) << target;
    EXPECT_EQ(post_form(target, "roles=a&tags=x&roles=b"), two) << target;
  }
  EXPECT_EQ(post_form("/member", "ids=1&ids=2"), "[1,2]");
  EXPECT_EQ(post_form("/member", "ids=1"), "[1]");
  EXPECT_EQ(post_form("/member", "other=1"), "[]");
  // JSON says itself what is a list.
  EXPECT_EQ(server.post("/member", R"({"ids":1})").status, 400);
}

template <class P, class... Pipes>
struct TakesOnly {
  static void describe(Controller<TakesOnly>& c) { c.template get<&TakesOnly::get>("get/:id"); }
  void get(P const&) {}
};

template <class P>
std::string start_error() {
  try {
    ApplicationOnAClock<ModuleOf<TakesOnly<P>>> server;
    server.app.template use<ValidationPipe>();
    server.app.init();
  } catch (gateway::StartError const& error) {
    return error.what();
  }
  return "";
}

struct FilterController {
  static void describe(Controller<FilterController>& c) { c.get<&FilterController::find>("find"); }
  void find(Query<"filter", Search> const&) {}
};

struct HasObject {
  Search search;
  static void describe(Schema<HasObject>& s) { s.field<&HasObject::search>(); }
};

struct ToObject {
  Value transform(Value) const { return Value::object(); }
};

TEST(TextValuesStart, RefusesTypesThatNoTextCanBe) {
  struct {
    std::string error;
    std::string parameter;
  } const never[] = {
      {start_error<Query<"q", Search>>(), "Query<\"q\">"},
      {start_error<Query<"q", std::map<std::string, int>>>(), "Query<\"q\">"},
      {start_error<Query<"q", std::vector<std::vector<int>>>>(), "Query<\"q\">"},
      {start_error<Header<"x", Bytes>>(), "Header<\"x\">"},
      {start_error<Param<"id", std::vector<int>>>(), "Param<\"id\">"},
  };
  for (auto const& [error, parameter] : never) {
    auto const wanted =
        "::get takes aerie::" + parameter +
        " as a type that its text can never be; add a pipe that makes it of the text, such as "
        "aerie::ParseArray<>";
    EXPECT_NE(error.find(wanted), error.npos) << error;
  }
  try {
    ApplicationOnAClock<ModuleOf<FilterController>>().app.init();
    ADD_FAILURE() << "has started";
  } catch (gateway::StartError const& error) {
    EXPECT_STREQ(
        error.what(),
        "aerie: FilterController::find takes aerie::Query<\"filter\"> as a type that its text can never "
        "be; add a pipe that makes it of the text, such as aerie::ParseArray<>");
  }
  auto const scalar = start_error<Query<"", int>>();
  EXPECT_NE(scalar.find("takes aerie::Query<\"\">, which is an object of texts"), scalar.npos) << scalar;
  auto const member = start_error<Query<"", HasObject>>();
  EXPECT_NE(member.find("whose member \"search\" no text can be"), member.npos) << member;

  auto const converted = start_error<Query<"q", Search, ToObject>>();
  EXPECT_EQ(converted, "");
  auto const split = start_error<Param<"id", std::vector<int>, ParseArray<int>>>();
  EXPECT_EQ(split, "");
  auto const form = start_error<Query<"", Search>>();
  EXPECT_EQ(form, "");
}

}  // namespace text_values_cases
