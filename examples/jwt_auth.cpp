// Only clients with a valid token get in:
//
//     const { token } = await (await fetch("http://localhost:3000/login?name=Ada", { method: "POST"
//     })).json(); const socket = io("http://localhost:3000", { auth: { token } });
#include "port.hpp"

#include <aerie/aerie.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace std::chrono_literals;
namespace auth = aerie::auth;

namespace {

struct User {
  std::string name;

  static void describe(aerie::Schema<User>& schema) { schema.field<&User::name>(); }
};

// At least 32 bytes for HS256. In earnest it comes from the environment, never from the source.
auth::Key key_from_environment() {
  auto const* const secret = std::getenv("JWT_SECRET");
  return auth::Key::hmac(auth::Algorithm::hs256,
                         secret != nullptr ? secret : "an example's secret of at least 32 bytes");
}

}  // namespace

int main(int argc, char** argv) {
  auto const key = key_from_environment();

  // One HTTP server for the login, which would check a password here, and for Socket.IO.
  aerie::http::Server http;
  http.post("/login", [&key](aerie::http::Request const& request) {
    auto const token = auth::sign(key, User{request.query("name").value_or("nobody")}, {.expires_in = 15min});
    return aerie::http::Response::json(200, aerie::json::stringify(aerie::Object{{"token", token}}));
  });

  aerie::Server io(http);
  // A middleware runs before a socket is connected. Throwing ConnectError refuses it; the client's
  // "connect_error" has the message and the data, the reason stays here.
  io.use([&key](aerie::Socket& socket) {
    auto const token = auth::verify(socket.handshake().auth_text("token").value_or(""), key);
    if (!token) {
      std::cout << "refused: " << to_string(token.error()) << std::endl;
      throw aerie::ConnectError("unauthorized", aerie::Object{{"code", "INVALID_TOKEN"}});
    }
    socket.set(User{std::string(token.claims()["name"].as_string())});
  });
  // Whoever gets here has passed it, so `get` finds a user.
  io.on("whoami", [](aerie::Socket& socket) { return socket.get<User>(); });

  io.listen(example::port(argc, argv));
  std::cout << "listening on port " << io.port() << std::endl;
  io.run();
}
