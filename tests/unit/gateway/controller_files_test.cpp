#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace controller_file_cases {

using namespace aerie;
using test::ApplicationOnAClock;
namespace fs = std::filesystem;

struct About {
  std::string title;
  std::int64_t year = 0;
  std::optional<std::vector<std::string>> tags;
  static void describe(Schema<About>& s) {
    s.field<&About::title>();
    s.field<&About::year>();
    s.field<&About::tags>();
  }
};

class Uploads {
 public:
  static void describe(Controller<Uploads>& c) {
    c.at("/uploads");
    c.post<&Uploads::one>("one");
    c.post<&Uploads::many>("many").multipart({.max_files = 2, .max_file_bytes = 10, .max_fields = 1});
    c.post<&Uploads::form>("form").multipart();
    c.post<&Uploads::small>("small").multipart({.max_body_bytes = 400});
    c.post<&Uploads::payload>("unread");
    c.post<&Uploads::save>("save");
  }

  fs::path folder;

 private:
  std::string one(File<"avatar"> avatar) {
    return avatar->file_name.value_or("") + ":" + avatar->type + ":" + std::string(avatar->content);
  }
  std::string many(Files<"photos"> photos, Files<> all) {
    std::string names = std::to_string(all.size());
    for (auto const* const photo : photos)
      names += " " + *photo->file_name;
    return names;
  }
  std::string form(About const& about, Files<> files) {
    return about.title + " " + std::to_string(about.year + 1) + " " +
           std::to_string(about.tags ? about.tags->size() : 0) + " " + std::to_string(files.size());
  }
  std::string small(Files<> files) { return std::to_string(files.size()); }
  std::string payload(Value const& body) { return body.is_undefined() ? "nothing" : "something"; }
  Task<std::string> save(File<"file"> file) {
    co_await file->save_to(folder / *file->file_name);
    co_return std::string("saved");
  }
};

struct Root {
  static void describe(Module& m) { m.controllers<Uploads>(); }
};

constexpr std::string_view type_line = "Content-Type: multipart/form-data; boundary=b\r\n";

std::string part(std::string_view disposition, std::string_view content) {
  return "--b\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" +
         std::string(content) + "\r\n";
}
std::string form(std::initializer_list<std::string> parts) {
  std::string body;
  for (auto const& each : parts)
    body += each;
  return body + "--b--\r\n";
}

class ControllerFiles : public ::testing::Test {
 protected:
  std::string post(std::string const& path, std::string const& body, std::string_view headers = type_line) {
    auto const answer = server.request("POST", "/uploads/" + path, body, headers);
    return answer.status == 201 ? answer.body : std::to_string(answer.status) + " " + answer.body;
  }
  ApplicationOnAClock<Root> server;
};

TEST_F(ControllerFiles, AreParameters) {
  EXPECT_EQ(post("one", form({"--b\r\nContent-Disposition: form-data; name=avatar; filename=me.png\r\n"
                              "Content-Type: image/png\r\n\r\nPNG\r\n"})),
            "me.png:image/png:PNG");
  EXPECT_EQ(post("many", form({part("name=photos; filename=a", "1"), part("name=other; filename=b", "2")})),
            "2 a");
  EXPECT_EQ(post("many", form({})), "0");
}

TEST_F(ControllerFiles, StandBesideFieldsThatAreThePayload) {
  EXPECT_EQ(post("form", form({part("name=title", "Kind of Blue"), part("name=year", "1959"),
                               part("name=tags", "jazz"), part("name=cover; filename=c", "x")})),
            "Kind of Blue 1960 1 1");
  EXPECT_EQ(post("form", form({part("name=title", "t"), part("name=year", "1"), part("name=tags", "a"),
                               part("name=tags", "b")})),
            "t 2 2 0");
  EXPECT_EQ(post("form", "title=t&year=1", "Content-Type: application/x-www-form-urlencoded\r\n"), "t 2 0 0")
      << "other bodies are read as ever";
}

TEST_F(ControllerFiles, AreRefusedByNameWhereOneIsMissing) {
  EXPECT_EQ(post("one", form({part("name=other; filename=x", "1")})),
            "400 {\"message\":\"avatar: File is required\",\"error\":\"Bad Request\",\"statusCode\":400}");
  EXPECT_EQ(post("one", "{}", "Content-Type: application/json\r\n").substr(0, 3), "400");
}

TEST_F(ControllerFiles, AreHeldToTheLimitsOfTheRoute) {
  auto const file = part("name=f; filename=f", "1");
  EXPECT_EQ(post("many", form({file, file, file})),
            "400 {\"message\":\"Too many files\",\"error\":\"Bad Request\",\"statusCode\":400}");
  EXPECT_EQ(post("many", form({part("name=f; filename=f", "more than ten")})),
            "413 {\"message\":\"File too large\",\"error\":\"Payload Too Large\",\"statusCode\":413}");
  EXPECT_EQ(post("many", form({part("name=a", "1"), part("name=b", "1")})).substr(0, 31),
            "400 {\"message\":\"Too many fields");
  EXPECT_EQ(post("small", form({file, part("name=a", std::string(400, 'x'))})).substr(0, 3), "413");
  EXPECT_EQ(post("small", form({file})), "1");
}

TEST_F(ControllerFiles, CostNothingLastingWhateverIsSent) {
  auto const held = [&] { return server.runtime.stats().shards[0].bytes_held; };
  EXPECT_EQ(post("small", form({part("name=f; filename=f", "1")})), "1");
  server.run();
  auto const before = held();
  for (auto const& body :
       {std::string("nonsense"), std::string("--b\r\n"), form({part("name=", "x")}),
        form({part("name=a", "\xff")}), form({part("name=a; filename=x", "x")}).substr(0, 40)}) {
    EXPECT_EQ(post("form", body).substr(0, 3), "400") << body;
  }
  for (auto const* const type :
       {"Content-Type: multipart/form-data\r\n", "Content-Type: multipart/form-data; boundary=\"\"\r\n"}) {
    EXPECT_NE(post("form", form({}), type).find("Multipart: Boundary not found"), std::string::npos) << type;
  }
  server.run();
  EXPECT_EQ(held(), before);
}

TEST_F(ControllerFiles, AreNotReadWhereNobodyHasAskedForThem) {
  EXPECT_EQ(post("unread", form({part("name=a", "1")})), "nothing");
}

TEST_F(ControllerFiles, AreSavedUnderNewNamesOnly) {
  server.app.init();
  auto& uploads = server.app.get<Uploads>();
  std::string pattern = (fs::temp_directory_path() / "aerie-files-XXXXXX").native();
  uploads.folder = ::mkdtemp(pattern.data());
  auto const body = form({part("name=file; filename=\"../../x.txt\"", "content")});
  auto client = server.connect();
  auto const request =
      "POST /uploads/save HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
      std::string(type_line) + "\r\n" + body;
  for (auto const* const status : {"201", "500"}) {
    client.write(request);
    std::string answer;
    while (answer.empty()) {
      server.runtime.shard(0).turn(core::Milliseconds{50});
      answer = client.take();
    }
    EXPECT_EQ(answer.substr(9, 3), status) << answer;
  }
  std::ifstream file(uploads.folder / "x.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "content");
  fs::remove_all(uploads.folder);
}

}  // namespace controller_file_cases
