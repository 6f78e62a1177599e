// Who may connect, and who may do what: a guard of tokens, and one of our own.
#include "../port.hpp"

#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

struct User {
  std::string name;
  bool moderator = false;

  static void describe(aerie::Schema<User>& s) {
    s.field<&User::name>();
    s.field<&User::moderator>();
  }
  // A handler, or a guard, that takes a User gets whoever the guard below has let in.
  static User const& extract(aerie::ExecutionContext& context) { return context.get<User>(); }
};

struct SignIn {
  std::string name;

  static void describe(aerie::Schema<SignIn>& s) { s.field<&SignIn::name>().length(1, 32); }
};

// The sign-in, over HTTP; in earnest it would check a password.
class AuthController {
 public:
  explicit AuthController(aerie::JwtService& jwt) : jwt_(jwt) {}

  static void describe(aerie::Controller<AuthController>& c) { c.post<&AuthController::sign_in>("/login"); }

 private:
  std::string sign_in(SignIn const& request) { return jwt_.sign(User{request.name, request.name == "Ada"}); }

  aerie::JwtService& jwt_;
};

// A guard of our own: returns whether, or throws why not.
class ModeratorGuard {
 public:
  bool can_activate(aerie::ExecutionContext& context) { return context.get<User>().moderator; }
};

class ChatGateway {
 public:
  static void describe(aerie::Gateway<ChatGateway>& g) {
    g.at("/chat");
    g.protect<aerie::JwtGuard<User>>();  // the connection, and every message
    g.on<&ChatGateway::who_am_i>("whoAmI");
    g.on<&ChatGateway::close>("close").use<ModeratorGuard>();
    g.on<&ChatGateway::say>("say").use<aerie::Throttle>(5, 1s);
  }

 private:
  User who_am_i(User const& me) { return me; }
  std::string close() { return "closed"; }
  void say(aerie::Socket& socket, User const& me, std::string const& text) {
    socket.nsp().emit("said", me.name, text);
  }
};

struct AppModule {
  static void describe(aerie::Module& m) {
    // In earnest the secret comes from the environment; see gateway_auth.cpp.
    auto key =
        aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, "an example's secret of at least 32 bytes");
    m.imports(aerie::JwtModule::for_root({.key = std::move(key), .sign = {.expires_in = 15min}}));
    m.controllers<AuthController>().gateways<ChatGateway>();
  }
};

int main(int argc, char** argv) {
  auto app = aerie::Application::create<AppModule>();
  app.use<aerie::ValidationPipe>();
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}
