#include "http/file_server.hpp"

#include "unit/http/server_fixture.hpp"

#include <fstream>
#include <stdexcept>

namespace aerie::http { namespace {

namespace fs = std::filesystem;

class FileServerTest : public testing::Test {
 protected:
  FileServerTest() : top(fs::temp_directory_path() / ("aerie-files-" + std::to_string(::getpid()))) {
    fs::remove_all(top);
    root = top / "public";
    write(root / "index.html", "<p>start");
    write(root / "app.js", "plain();");
    write(root / "app.js.gz", "gzipped");
    write(root / "app.js.br", "brotli");
    write(root / "assets/app-1a2b.css", "p{}");
    write(root / "folder/index.html", "<p>folder");
    write(root / "a b.txt", "spaced");
    write(root / ".env", "SECRET");
    write(root / ".well-known/security.txt", "contact");
    write(top / "secret.txt", "SECRET");
    fs::create_symlink(top / "secret.txt", root / "link-out.txt");
    fs::create_symlink(root / "app.js", root / "link-in.js");
    fs::create_directory_symlink(top, root / "folder-out");
  }
  ~FileServerTest() override { fs::remove_all(top); }

  static void write(fs::path const& path, std::string_view content) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }

  FileReply load(std::string_view target, std::string_view headers = "", FileOptions options = {},
                 std::string_view method = "GET") const {
    FileServer const files("/", root, std::move(options));
    auto const text =
        std::string(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: a\r\n").append(headers);
    return files.load(*RequestHead::parse(text + "\r\n"));
  }
  static std::string header(FileReply const& reply, std::string_view name) {
    auto const lines = "\r\n" + reply.header_lines;
    auto const begin = lines.find("\r\n" + std::string(name) + ": ");
    if (begin == std::string::npos) return "";
    auto const value = begin + name.size() + 4;
    return lines.substr(value, lines.find("\r\n", value) - value);
  }

  fs::path top;
  fs::path root;
};

TEST_F(FileServerTest, ServesFilesWithTheirType) {
  auto const reply = load("/app.js?v=1");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "plain();");
  EXPECT_EQ(header(reply, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(reply, "Cache-Control"), "public, max-age=0");
  EXPECT_EQ(header(reply, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(load("/a%20b.txt").body, "spaced");
  EXPECT_EQ(load("/link-in.js").body, "plain();");
  EXPECT_EQ(load("/.well-known/security.txt").body, "contact");
}

TEST_F(FileServerTest, ServesTheIndexOfAFolder) {
  EXPECT_EQ(load("/").body, "<p>start");
  EXPECT_EQ(load("/folder/").body, "<p>folder");
  auto const reply = load("/folder");
  EXPECT_EQ(reply.status, 301);
  EXPECT_EQ(header(reply, "Location"), "/folder/");
}

TEST_F(FileServerTest, NeverLeavesItsRoot) {
  for (auto const* target : {"/../secret.txt", "/folder/../../secret.txt", "/%2e%2e/secret.txt",
                             "/..%2fsecret.txt", "/folder/..%2f..%2fsecret.txt", "/..%5csecret.txt",
                             "/link-out.txt", "/folder-out/secret.txt", "/.env", "/app.js%00.txt", "//app.js",
                             "/app.js/", "/app.js/x", "/%252e%252e/secret.txt", "/missing"}) {
    auto const reply = load(target);
    EXPECT_EQ(reply.status, 404) << target;
    EXPECT_EQ(reply.body.find("SECRET"), std::string::npos) << target;
  }
}

TEST_F(FileServerTest, SendsWhatTheBrowserHasOnlyAsATag) {
  auto const tag = header(load("/app.js"), "ETag");
  ASSERT_GT(tag.size(), 4U);
  EXPECT_EQ(tag.front(), '"');
  for (auto const& condition : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    auto const reply = load("/app.js", "If-None-Match: " + condition + "\r\n");
    EXPECT_EQ(reply.status, 304) << condition;
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(header(reply, "ETag"), tag);
  }
  EXPECT_EQ(load("/app.js", "If-None-Match: \"other\"\r\n").status, 200);
  auto const modified = header(load("/app.js"), "Last-Modified");
  EXPECT_EQ(load("/app.js", "If-Modified-Since: " + modified + "\r\n").status, 304);
  // If-None-Match counts alone where both are given.
  EXPECT_EQ(load("/app.js", "If-None-Match: \"other\"\r\nIf-Modified-Since: " + modified + "\r\n").status,
            200);
}

TEST_F(FileServerTest, ChangesTheTagWithTheContent) {
  auto const before = header(load("/app.js"), "ETag");
  write(root / "app.js", "changed();");
  EXPECT_NE(header(load("/app.js"), "ETag"), before);
}

TEST_F(FileServerTest, SendsPrecompressedFilesToThoseWhoTakeThem) {
  auto const brotli = load("/app.js", "Accept-Encoding: gzip, deflate, br\r\n");
  EXPECT_EQ(brotli.body, "brotli");
  EXPECT_EQ(header(brotli, "Content-Encoding"), "br");
  EXPECT_EQ(header(brotli, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(brotli, "Vary"), "Accept-Encoding");
  EXPECT_EQ(load("/app.js", "Accept-Encoding: gzip\r\n").body, "gzipped");
  EXPECT_EQ(load("/app.js", "Accept-Encoding: br;q=0, gzip;q=0\r\n").body, "plain();");
  EXPECT_EQ(load("/app.js", "Accept-Encoding: br\r\n", {.precompressed = false}).body, "plain();");
  EXPECT_NE(header(load("/app.js"), "ETag"), header(brotli, "ETag"));
}

TEST_F(FileServerTest, LetsHashedNamesBeKept) {
  for (auto const* folder : {"assets", "/assets", "assets/"}) {
    FileOptions const options{.immutable_folder = folder};
    EXPECT_EQ(header(load("/assets/app-1a2b.css", "", options), "Cache-Control"),
              "public, max-age=31536000, immutable");
    EXPECT_EQ(header(load("/app.js", "", options), "Cache-Control"), "public, max-age=0");
  }
}

TEST_F(FileServerTest, FallsBackForPagesOnly) {
  FileOptions const options{.fallback = "index.html"};
  EXPECT_EQ(load("/rooms/7", "Accept: text/html,*/*\r\n", options).body, "<p>start");
  EXPECT_EQ(load("/rooms/7", "Accept: text/html,*/*\r\n", options).status, 200);
  EXPECT_EQ(load("/missing.js", "Accept: */*\r\n", options).status, 404);
}

TEST_F(FileServerTest, AnswersOnlyGetAndHead) {
  EXPECT_EQ(load("/app.js", "", {}, "HEAD").status, 200);
  auto const reply = load("/app.js", "", {}, "POST");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(header(reply, "Allow"), "GET, HEAD");
}

TEST_F(FileServerTest, RefusesFilesThatAreTooLarge) {
  auto const reply = load("/app.js", "", {.max_file_bytes = 3});
  EXPECT_EQ(reply.status, 500);
  EXPECT_NE(reply.problem.find("max_file_bytes"), std::string::npos);
}

TEST_F(FileServerTest, RefusesToServeWhatIsNoFolder) {
  EXPECT_THROW(FileServer("/", root / "app.js", {}), std::invalid_argument);
  EXPECT_THROW(FileServer("/", root / "missing", {}), std::invalid_argument);
  EXPECT_THROW(FileServer("static", root, {}), std::invalid_argument);
}

TEST_F(FileServerTest, IsServedFromAWorkerThread) {
  core::ManualClock clock;
  Runtime runtime({.clock = &clock});
  Server server(runtime);
  server.files("/static", root);
  auto pair = core::memory_pair(runtime.shard(0));
  server.serve(std::move(pair.server));
  pair.client.write("GET /static/app.js HTTP/1.1\r\nHost: a\r\n\r\n");
  while (pair.client.received().empty())
    runtime.shard(0).turn(std::chrono::seconds{10});
  EXPECT_NE(pair.client.received().find("\r\n\r\nplain();"), std::string::npos);
}

}}  // namespace aerie::http
