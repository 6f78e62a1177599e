#include "http/path.hpp"

#include "unit/http/server_fixture.hpp"

#include <filesystem>
#include <fstream>

namespace aerie::http { namespace {

using Kind = Path::Kind;

struct PathCase {
  char const* raw;
  Kind kind;
  char const* text;
};

TEST(Path, IsDecodedSegmentBySegmentOnce) {
  for (auto const& [raw, kind, text] :
       std::vector<PathCase>{{"/", Kind::good, "/"},
                             {"/a/b", Kind::good, "/a/b"},
                             {"/%61/b%20c", Kind::good, "/a/b c"},
                             {"/a%2Fb", Kind::good, "/a%2Fb"},
                             {"/a%2fb", Kind::good, "/a%2Fb"},
                             {"/%252e%252e", Kind::good, "/%252e%252e"},
                             {"/%E2%82%AC", Kind::good, "/\u20ac"},
                             {"/a+b", Kind::good, "/a+b"},
                             {"/a//b/", Kind::good, "/a//b/"},
                             {"/a..b/.hidden/...", Kind::good, "/a..b/.hidden/..."},
                             {"*", Kind::good, "*"}}) {
    Path const path(raw);
    EXPECT_EQ(path.kind(), kind) << raw;
    EXPECT_EQ(path.text(), text) << raw;
  }
}

TEST(Path, WithDotSegmentsIsDottedHoweverTheyAreWritten) {
  for (auto const* raw :
       {"/..", "/.", "/../x", "/a/./b", "/%2e%2e/x", "/.%2E/x", "/%2e", "/..%2fx", "/x%2f..", "/a%2f..%2fb",
        "/..%5cx", "/a\\..\\b", "/a%5c..", "/a/..", "/%2e%2e/%e2%82%ac"}) {
    EXPECT_EQ(Path(raw).kind(), Kind::dotted) << raw;
  }
}

TEST(Path, WithABrokenEscapeIsMalformed) {
  for (auto const* raw : {"/%", "/%4", "/%zz", "/x%ff", "/%c3", "/%ed%a0%80", "/%00", "/a%00b",
                          "/%2e%2e/x%ff", "/x%ff/%2e%2e"}) {
    EXPECT_EQ(Path(raw).kind(), Kind::malformed) << raw;
  }
}

/// A service, routes and files that could each answer.
class PathServerTest : public ServerFixture {
 protected:
  PathServerTest()
      : root(std::filesystem::temp_directory_path() / ("aerie-path-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(root / "dir");
    std::ofstream(root / "dir" / "name") << "file";
    service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", "service"); };
    server.mount("/service/", service);
    server.get("/routes/:dir/:name", [](Request const& request) {
      return Response::text(200, "route " + std::string(request.parameter("dir")) + "|" +
                                     std::string(request.parameter("name")));
    });
    server.get("/rest/*rest", [](Request const& request) {
      return Response::text(200, "rest " + std::string(request.parameter("rest")));
    });
    server.files("/files", root);
  }
  ~PathServerTest() override { std::filesystem::remove_all(root); }

  /// The answer, whoever gives it and on whichever thread.
  std::string answer(std::string_view path) {
    auto client = connect();
    client.write(get(path));
    for (int i = 0; i < 5000 && client.received().empty(); ++i)
      shard.turn(std::chrono::milliseconds{1});
    return client.take();
  }

  std::filesystem::path root;
};

TEST_F(PathServerTest, MeansTheSameToServicesRoutesAndFiles) {
  for (std::string const prefix : {"/service/", "/routes/", "/rest/", "/files/"}) {
    for (auto const* dotted :
         {"%2e%2e/name", "../name", ".%2e/name", "dir/..%2fname", "dir/..%5cname", "./name"})
      EXPECT_EQ(status_line(answer(prefix + dotted)), "HTTP/1.1 404 Not Found") << prefix << dotted;
    for (auto const* malformed : {"%2e%2e/x%ff", "dir/name%00", "dir/%ff", "dir/%", "dir/%c3%28"})
      EXPECT_EQ(status_line(answer(prefix + malformed)), "HTTP/1.1 400 Bad Request") << prefix << malformed;
  }
}

TEST_F(PathServerTest, IsFoundHoweverItIsWritten) {
  EXPECT_EQ(status_line(answer("/%73ervice/x")), "HTTP/1.1 404 Not Found") << "byte for byte, as in Node";
  EXPECT_EQ(body_of(answer("/r%6futes/a/b")), "route a|b");
  EXPECT_EQ(body_of(answer("/fil%65s/d%69r/name")), "file");
}

TEST_F(PathServerTest, KeepsAnEncodedSlashWithinItsSegment) {
  EXPECT_EQ(body_of(answer("/routes/a%2Fb/c%25d")), "route a/b|c%d");
  EXPECT_EQ(status_line(answer("/files/dir%2Fname")), "HTTP/1.1 404 Not Found");
  EXPECT_EQ(body_of(answer("/files/dir/name")), "file");
  EXPECT_EQ(status_line(answer("/service%2Fx")), "HTTP/1.1 404 Not Found");
}

}}  // namespace aerie::http
