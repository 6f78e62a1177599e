#include "http/file_server.hpp"

#include "http/path.hpp"
#include "unit/http/server_fixture.hpp"

#include <fstream>
#include <set>
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

  struct Loaded {
    int status;
    std::string header_lines;
    std::string body;
  };
  Loaded load(std::string_view target, std::string_view headers = "", FileOptions options = {},
              std::string_view method = "GET") const {
    FileServer const files("/", root, std::move(options));
    auto const text =
        std::string(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: a\r\n").append(headers);
    auto const head = *RequestHead::parse(text + "\r\n");
    Path const path(head.path());
    auto reply = path.kind() == Path::Kind::good ? files.find(head, path.text(), core::WallTime::max())
                                                 : FileReply::not_found();
    auto const is_read = !reply.file || reply.file->read(reply.range.begin, reply.range.size, reply.body);
    EXPECT_TRUE(is_read);
    return {reply.status, reply.header_lines, reply.body};
  }
  static std::string header(Loaded const& reply, std::string_view name) {
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

TEST_F(FileServerTest, CompressesTextAsItIsAskedFor) {
  std::string const text(5000, 'x');
  write(root / "long.css", text);
  write(root / "long.png", text);
  auto const plain = load("/long.css");
  EXPECT_EQ(plain.body, text);
  EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding");
  std::set<std::string> tags{header(plain, "ETag")};
  for (std::string const coding : {"br", "gzip", "deflate"}) {
    auto const reply = load("/long.css", "Accept-Encoding: " + coding + "\r\n");
    EXPECT_EQ(header(reply, "Content-Encoding"), coding);
    EXPECT_EQ(header(reply, "Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(header(reply, "Accept-Ranges"), "") << "its parts are not those of the file";
    EXPECT_LT(reply.body.size(), 200U);
    tags.insert(header(reply, "ETag"));
    auto const again = load(
        "/long.css", "Accept-Encoding: " + coding + "\r\nIf-None-Match: " + header(reply, "ETag") + "\r\n");
    EXPECT_EQ(again.status, 304) << coding;
  }
  EXPECT_EQ(tags.size(), 4U) << "each representation has a tag of its own";
  EXPECT_EQ(header(load("/long.css", "Accept-Encoding: gzip, br\r\n"), "Content-Encoding"), "br");
  EXPECT_EQ(header(load("/long.css", "Accept-Encoding: gzip, br;q=0.5\r\n"), "Content-Encoding"), "gzip");
}

TEST_F(FileServerTest, SendsAsItIsWhatIsNotWorthCompressing) {
  std::string const text(5000, 'x');
  write(root / "long.css", text);
  write(root / "long.png", text);
  write(root / "short.css", text.substr(0, 1000));
  auto const accept = std::string("Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(load("/long.png", accept).body, text) << "a picture";
  EXPECT_EQ(load("/short.css", accept).body.size(), 1000U);
  EXPECT_EQ(load("/long.css", accept, {.compress_up_to = 0}).body, text);
  EXPECT_EQ(load("/long.css", accept, {.compress_up_to = 4999}).body, text);
  auto const part = load("/long.css", accept + "Range: bytes=0-9\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(header(part, "Content-Encoding"), "");
}

TEST_F(FileServerTest, PrefersAmongPrecompressedFilesAsTheClientDoes) {
  EXPECT_EQ(load("/app.js", "Accept-Encoding: br;q=0.5, gzip\r\n").body, "gzipped");
  fs::remove(root / "app.js.br");
  EXPECT_EQ(load("/app.js", "Accept-Encoding: br, gzip;q=0.1\r\n").body, "gzipped")
      << "it costs less than compressing";
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
  EXPECT_THROW(load("/app.js", "", {.max_file_bytes = 3}), std::length_error);
}

TEST_F(FileServerTest, SendsOneRange) {
  // "plain();" has 8 bytes.
  struct Case {
    char const* range;
    int status;
    char const* body;
    char const* content_range;
  };
  for (auto const& [range, status, body, content_range] :
       std::vector<Case>{{"bytes=0-1", 206, "pl", "bytes 0-1/8"},
                         {"bytes=0-0", 206, "p", "bytes 0-0/8"},
                         {"bytes=5-", 206, "();", "bytes 5-7/8"},
                         {"bytes=-3", 206, "();", "bytes 5-7/8"},
                         {"bytes=-100", 206, "plain();", "bytes 0-7/8"},
                         {"bytes=6-100", 206, ");", "bytes 6-7/8"},
                         {"Bytes=0-1", 206, "pl", "bytes 0-1/8"},
                         {"bytes=7-99999999999999999999999", 206, ";", "bytes 7-7/8"},
                         {"bytes=8-", 416, "Range Not Satisfiable\n", "bytes */8"},
                         {"bytes=99999999999999999999999-", 416, "Range Not Satisfiable\n", "bytes */8"},
                         {"bytes=-0", 416, "Range Not Satisfiable\n", "bytes */8"},
                         {"bytes=0-1,3-4", 200, "plain();", ""},
                         {"bytes=3-1", 200, "plain();", ""},
                         {"bytes=a-b", 200, "plain();", ""},
                         {"bytes=-", 200, "plain();", ""},
                         {"bytes=", 200, "plain();", ""},
                         {"items=0-1", 200, "plain();", ""}}) {
    auto const reply = load("/app.js", "Range: " + std::string(range) + "\r\n");
    EXPECT_EQ(reply.status, status) << range;
    EXPECT_EQ(reply.body, body) << range;
    EXPECT_EQ(header(reply, "Content-Range"), content_range) << range;
    EXPECT_EQ(header(reply, "Accept-Ranges"), status == 416 ? "" : "bytes") << range;
  }
}

TEST_F(FileServerTest, SendsARangeOnlyOfTheContentThatTheClientHas) {
  auto const whole = load("/app.js");
  auto const tag = header(whole, "ETag");
  auto const modified = header(whole, "Last-Modified");
  for (auto const& [condition, status] :
       std::vector<std::pair<std::string, int>>{{tag, 206},
                                                {modified, 206},
                                                {"W/" + tag, 200},
                                                {"\"other\"", 200},
                                                {"Thu, 01 Jan 1970 00:00:00 GMT", 200},
                                                {"*", 200}}) {
    EXPECT_EQ(load("/app.js", "Range: bytes=0-1\r\nIf-Range: " + condition + "\r\n").status, status)
        << condition;
  }
  EXPECT_EQ(load("/app.js", "Range: bytes=0-1\r\nIf-None-Match: " + tag + "\r\n").status, 304);
}

TEST_F(FileServerTest, ReadsNothingThatHasChangedUnderway) {
  auto file = OpenFile::open(root / "app.js");
  ASSERT_TRUE(file);
  std::string bytes;
  EXPECT_TRUE(file->read(0, 5, bytes));
  fs::remove(root / "app.js");
  EXPECT_TRUE(file->read(5, 3, bytes)) << "its name is of no interest any more";
  EXPECT_EQ(bytes, "();");
  EXPECT_FALSE(file->read(5, 4, bytes));
  file = OpenFile::open(root / "app.js.gz");
  write(root / "app.js.gz", "longer than it was");
  EXPECT_FALSE(file->read(0, 5, bytes));
}

/// A server over memory whose worker threads are real.
class FileDownloadTest : public FileServerTest {
 protected:
  FileDownloadTest() {
    for (std::size_t i = 0; content.size() < 3'000'000; ++i)
      content += std::to_string(i) + ",";
    write(root / "large.txt", content);
    server.files("/", root);
  }
  void ask(std::string_view head, std::size_t window) {
    client.set_window(window);
    client.write(std::string(head).append("Host: a\r\n\r\n"));
  }
  /// Takes what comes until `done`.
  template <class Done>
  std::string take_until(Done done) {
    std::string taken;
    for (int i = 0; i < 10'000 && !done(taken); ++i) {
      shard.turn(std::chrono::milliseconds{1});
      taken += client.take();
    }
    return taken;
  }
  static std::string body_of(std::string const& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

  std::string content;
  std::vector<std::string> log;
  Runtime runtime{{.log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); }}};
  core::Shard& shard = runtime.shard(0);
  Server server{runtime};
  core::MemoryClient client = [this] {
    auto pair = core::memory_pair(shard);
    server.serve(std::move(pair.server));
    return std::move(pair.client);
  }();
};

TEST_F(FileDownloadTest, SendsAFileOfManySlicesWhole) {
  for (std::size_t const window : {std::size_t{10'000'000}, std::size_t{100'000}}) {
    ask("GET /large.txt HTTP/1.1\r\n", window);
    auto const answer = take_until([&](auto const& taken) {
      return taken.size() > content.size() && client.received().empty() &&
             taken.ends_with(content.substr(content.size() - 100));
    });
    EXPECT_NE(answer.find("\r\nContent-Length: " + std::to_string(content.size()) + "\r\n"),
              std::string::npos);
    EXPECT_TRUE(body_of(answer) == content);
  }
  ask("GET /large.txt HTTP/1.1\r\nRange: bytes=100000-2900000\r\n", 100'000);
  auto const part = take_until([&](auto const& taken) { return taken.size() > 2'800'001; });
  EXPECT_EQ(part.substr(0, 28), "HTTP/1.1 206 Partial Content");
  EXPECT_TRUE(body_of(part) == content.substr(100'000, 2'800'001));
}

TEST_F(FileDownloadTest, HoldsLittleOfAFileThatIsNotTaken) {
  ask("GET /large.txt HTTP/1.1\r\n", 1000);
  auto const began = take_until([](auto const& taken) { return !taken.empty(); });
  for (int i = 0; i < 50; ++i)
    shard.turn(std::chrono::milliseconds{1});
  EXPECT_LT(shard.account().used(), 600'000U);
  client.set_window(10'000'000);
  auto const rest =
      take_until([&](auto const& taken) { return began.size() + taken.size() > content.size(); });
  EXPECT_TRUE(body_of(began + rest).starts_with(content.substr(0, 2'000'000)));
}

TEST_F(FileDownloadTest, AnswersHeadWithTheLengthAlone) {
  ask("HEAD /large.txt HTTP/1.1\r\n", 10'000'000);
  auto const answer = take_until([](auto const& taken) { return taken.ends_with("\r\n\r\n"); });
  EXPECT_NE(answer.find("\r\nContent-Length: " + std::to_string(content.size()) + "\r\n"), std::string::npos);
  ask("GET /app.js HTTP/1.1\r\n", 10'000'000);
  EXPECT_EQ(body_of(take_until([](auto const& taken) { return taken.ends_with("plain();"); })), "plain();");
}

TEST_F(FileDownloadTest, BreaksOffAFileThatChangesUnderway) {
  ask("GET /large.txt HTTP/1.1\r\n", 1000);
  take_until([](auto const& taken) { return !taken.empty(); });
  write(root / "large.txt", "another");
  client.set_window(10'000'000);
  take_until([&](auto const&) { return client.closed(); });
  EXPECT_TRUE(client.closed());
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log[0].find("/large.txt has changed"), std::string::npos);
}

TEST_F(FileDownloadTest, EndsWithAClientThatLeaves) {
  ask("GET /large.txt HTTP/1.1\r\n", 1000);
  take_until([](auto const& taken) { return !taken.empty(); });
  client.reset();
  take_until([&](auto const&) { return shard.account().used() == 0; });
  EXPECT_EQ(shard.account().used(), 0U);
  EXPECT_EQ(server.connections(), 0U);
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
