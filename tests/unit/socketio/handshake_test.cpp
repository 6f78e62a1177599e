#include "unit/socketio/socketio_fixture.hpp"

#include <optional>

namespace aerie::socketio::test { namespace {

struct Credentials {
  std::string token;
  std::optional<int> version;
  static void describe(Schema<Credentials>& s) {
    s.field<&Credentials::token>();
    s.field<&Credentials::version>();
  }
};

class Handshakes : public SocketIoFixture {
 protected:
  Handshakes() {
    start().on_connection([this](Socket& socket) { handle = socket.handle(); });
  }
  /// The handshake of a client that says `auth`.
  Handshake const& of(std::string_view auth, std::string_view query = "", std::string_view headers = "") {
    connection.emplace(world, "/socket.io/?EIO=4&transport=websocket" + std::string(query), headers);
    connection->send("40" + std::string(auth));
    return handle->handshake();
  }
  std::optional<SocketHandle> handle;
  std::optional<aerie::test::WebSocketClient> connection;
};

TEST_F(Handshakes, ShowTheAuthOfTheConnectPacket) {
  auto const& handshake = of(R"({"token":"abc","version":3,"more":[]})");
  EXPECT_EQ(handshake.auth()["version"], Value(3));
  EXPECT_EQ(handshake.auth_text("token"), "abc");
  EXPECT_EQ(handshake.auth_text("version"), std::nullopt) << "no string";
  EXPECT_EQ(handshake.auth_text("none"), std::nullopt);
  EXPECT_EQ(handshake.auth_as<Credentials>().version, 3);
}

TEST_F(Handshakes, JoinsRepeatedHeadersAsNodeDoes) {
  auto const& handshake =
      of("", "",
         "Cookie: a=1\r\ncookie: token=a%20b\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.7\r\n"
         "Authorization: first\r\nAuthorization: second\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n");
  auto const headers = handshake.headers();
  for (auto const& [name, value] : {std::pair{"cookie", "a=1; token=a%20b"},
                                    {"x-forwarded-for", "6.6.6.6, 203.0.113.7"},
                                    {"authorization", "first"}}) {
    EXPECT_EQ(headers[name], Value(value)) << name;
    EXPECT_EQ(handshake.header(name), value) << name;
  }
  EXPECT_EQ(headers["set-cookie"], Value::array({"a", "b"}));
  EXPECT_EQ(handshake.cookie("token"), "a b");
  EXPECT_EQ(handshake.cookie("none"), std::nullopt);
}

TEST_F(Handshakes, HaveAnEmptyObjectWithoutAuth) {
  auto const& handshake = of("");
  EXPECT_EQ(handshake.auth(), Value::object());
  try {
    static_cast<void>(handshake.auth_as<Credentials>());
    FAIL() << "a token is missing";
  } catch (BadArguments const& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 6), "auth: ");
  }
}

TEST_F(Handshakes, ShowTheRequest) {
  auto const& handshake =
      of("", "&name=a%20b&x=1&x=2", "X-Many: 1\r\nx-many: 2\r\nOrigin: https://here.example\r\n");
  EXPECT_EQ(handshake.query("name"), "a b");
  EXPECT_EQ(handshake.query("none"), std::nullopt);
  EXPECT_EQ(handshake.header("X-MANY"), "1, 2");
  EXPECT_EQ(handshake.headers()["x-many"], Value("1, 2"));
  EXPECT_TRUE(handshake.cross_domain());
  EXPECT_FALSE(handshake.secure());
}

TEST_F(Handshakes, LookLikeTheOfficialServersAsAValue) {
  auto const value = of(R"({"a":1})", "&room=7").to_value();
  EXPECT_EQ(value["time"], Value("Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)"));
  EXPECT_EQ(value["issued"], Value(1'767'225'600'000));
  EXPECT_EQ(value["url"], Value("/socket.io/?EIO=4&transport=websocket&room=7"));
  EXPECT_EQ(value["query"]["room"], Value("7"));
  EXPECT_EQ(value["headers"]["host"], Value("test"));
  EXPECT_EQ(value["auth"]["a"], Value(1));
  EXPECT_EQ(value["xdomain"], Value(false));
  EXPECT_EQ(value["secure"], Value(false));
}

TEST_F(Handshakes, OutliveTheirConnection) {
  auto const& handshake = of(R"({"token":"abc"})");
  connection.reset();
  world.run();
  EXPECT_EQ(handshake.auth_text("token"), "abc");
  EXPECT_EQ(handshake.header("host"), "test");
}

}}  // namespace aerie::socketio::test
