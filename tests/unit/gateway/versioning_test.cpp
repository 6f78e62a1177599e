#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace versioning_cases {

using namespace aerie;
using test::ApplicationOnAClock;

class First {
 public:
  static void describe(Controller<First>& c) {
    c.at("cats").version("1");
    c.get<&First::all>();
    c.get<&First::both>("both").versions({"1", "2"});
    c.get<&First::any>("any").version(version_neutral);
    c.post<&First::size>().body_limit(10);
  }

 private:
  std::string all() { return "first"; }
  std::string both(http::Request const& request) { return std::string(request.path()); }
  std::string any() { return "any"; }
  std::string size(http::Request const& request) { return std::to_string(request.body.size()); }
};

class Second {
 public:
  static void describe(Controller<Second>& c) {
    c.at("cats").version("2");
    c.get<&Second::all>();
    c.post<&Second::size>().body_limit(20);
  }

 private:
  std::string all() { return "second"; }
  std::string size(http::Request const& request) { return std::to_string(request.body.size()); }
};

class Plain {
 public:
  static void describe(Controller<Plain>& c) {
    c.get<&Plain::health>("health");
    c.get<&Plain::dog>("dogs/:id");
  }

 private:
  std::string health() { return "fine"; }
  std::string dog(Param<"id"> id) { return id.value(); }
};

struct Root {
  static void describe(Module& m) { m.controllers<First, Second, Plain>(); }
};
struct PlainRoot {
  static void describe(Module& m) { m.controllers<Plain>(); }
};

std::string answer(ApplicationOnAClock<Root>& server, std::string_view path, std::string_view headers = "") {
  auto const got = server.get(path, headers);
  return got.status == 200 ? got.body : std::to_string(got.status);
}

TEST(GlobalPrefix, StandsBeforeAllPathsButThoseThatAreExcluded) {
  ApplicationOnAClock<PlainRoot> server;
  server.app.set_global_prefix("/api/", {.exclude = {"health"}});
  EXPECT_EQ(server.get("/api/dogs/7").body, "7");
  EXPECT_EQ(server.get("/dogs/7").status, 404);
  EXPECT_EQ(server.get("/health").body, "fine");
  EXPECT_EQ(server.get("/api/health").status, 404);
}

TEST(GlobalPrefix, IsToBeSaidBeforeTheStart) {
  ApplicationOnAClock<PlainRoot> server;
  server.app.init();
  EXPECT_THROW(server.app.set_global_prefix("api"), gateway::StartError);
  EXPECT_THROW(server.app.enable_versioning(), gateway::StartError);
}

TEST(Versioning, StandsInThePath) {
  ApplicationOnAClock<Root> server;
  server.app.set_global_prefix("api");
  server.app.enable_versioning();
  EXPECT_EQ(answer(server, "/api/v1/cats"), "first");
  EXPECT_EQ(answer(server, "/api/v2/cats"), "second");
  EXPECT_EQ(answer(server, "/api/v3/cats"), "404");
  EXPECT_EQ(answer(server, "/api/cats"), "404");
  EXPECT_EQ(answer(server, "/api/v2/cats/both"), "/api/v2/cats/both");
  EXPECT_EQ(answer(server, "/api/cats/any"), "any");
  EXPECT_EQ(answer(server, "/api/dogs/7"), "7") << "no version, no default";
}

TEST(Versioning, HasADefaultForThoseWithoutAVersion) {
  ApplicationOnAClock<Root> server;
  server.app.enable_versioning({.prefix = "version-", .default_versions = {"1"}});
  EXPECT_EQ(answer(server, "/version-1/dogs/7"), "7");
  EXPECT_EQ(answer(server, "/dogs/7"), "404");
  EXPECT_EQ(answer(server, "/cats/any"), "any") << "it has said that it has none";
}

TEST(Versioning, StandsInAHeader) {
  ApplicationOnAClock<Root> server;
  server.app.enable_versioning({.type = VersioningType::header, .header = "X-V"});
  EXPECT_EQ(answer(server, "/cats", "X-V: 1\r\n"), "first");
  EXPECT_EQ(answer(server, "/cats", "x-v: 2\r\n"), "second");
  EXPECT_EQ(answer(server, "/cats", "X-V: 3\r\n"), "404");
  EXPECT_EQ(answer(server, "/cats"), "404") << "it does not say";
  EXPECT_EQ(answer(server, "/cats/both", "X-V: 2\r\n"), "/cats/both");
  EXPECT_EQ(answer(server, "/cats/any"), "any");
  EXPECT_EQ(answer(server, "/cats/any", "X-V: 9\r\n"), "any");
  EXPECT_EQ(server.get("/cats", "X-V: 1\r\n").header("Vary"), "X-V");
  EXPECT_EQ(server.get("/cats").header("Vary"), "X-V") << "the refusal depends on it as well";
  EXPECT_EQ(server.get("/health").header("Vary"), "");
}

TEST(Versioning, StandsInAMediaType) {
  ApplicationOnAClock<Root> server;
  server.app.enable_versioning({.type = VersioningType::media_type});
  EXPECT_EQ(answer(server, "/cats", "Accept: application/json;v=2\r\n"), "second");
  EXPECT_EQ(answer(server, "/cats", "Accept: application/json\r\n"), "404");
  EXPECT_EQ(server.get("/cats", "Accept: a/b;v=1\r\n").header("Vary"), "Accept");
}

TEST(Versioning, HoldsEachVersionToItsOwnLimit) {
  ApplicationOnAClock<Root> server;
  server.app.enable_versioning({.type = VersioningType::header, .header = "X-V"});
  std::string const body(15, 'x');
  EXPECT_EQ(server.request("POST", "/cats", body, "X-V: 2\r\n").body, "15");
  EXPECT_EQ(server.request("POST", "/cats", body, "X-V: 1\r\n").status, 413);
}

class Ties {
 public:
  static void describe(Controller<Ties>& c) {
    c.get<&Ties::first>(":z");
    c.get<&Ties::second>(":a");
  }

 private:
  std::string first() { return "first"; }
  std::string second() { return "second"; }
};
struct TiesRoot {
  static void describe(Module& m) { m.controllers<Ties>(); }
};

TEST(ControllerRoutes, AnswerInTheirOrderWhereNoneIsMoreLiteral) {
  ApplicationOnAClock<TiesRoot> server;
  EXPECT_EQ(server.get("/x").body, "first");
}

class Twice {
 public:
  static void describe(Controller<Twice>& c) {
    c.at("cats").versions({"2", "3"});
    c.get<&Twice::all>();
  }

 private:
  std::string all() { return "twice"; }
};
struct TwiceRoot {
  static void describe(Module& m) { m.controllers<Second, Twice>(); }
};

TEST(Versioning, StopsTheStartWhereTwoAnswerTheSameVersion) {
  for (auto const type : {VersioningType::uri, VersioningType::header}) {
    ApplicationOnAClock<TwiceRoot> server;
    server.app.enable_versioning({.type = type});
    EXPECT_THROW(server.app.init(), gateway::StartError);
  }
}

TEST(Versioning, DoesNotCountUntilItIsEnabled) {
  ApplicationOnAClock<TwiceRoot> server;
  EXPECT_THROW(server.app.init(), gateway::StartError) << "two of one path";
}

}  // namespace versioning_cases
