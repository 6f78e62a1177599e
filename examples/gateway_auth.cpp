// Settings, a login, and a gateway for those who are signed in:
//
//     JWT_SECRET=$(openssl rand -hex 32) ./gateway_auth --port 3000
//
//     const url = "http://localhost:3000/login?name=Ada";
//     const { token } = await (await fetch(url, { method: "POST" })).json();
//     const socket = io("http://localhost:3000", { auth: { token } });
#include "port.hpp"

#include <aerie/contract/emit.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

struct Config {
  std::string client_url = "http://localhost:5173";
  std::chrono::seconds token_ttl = 15min;
  std::string jwt_secret;

  static void describe(aerie::Schema<Config>& s) {
    s.field<&Config::client_url>().matches("^https?://");  // CLIENT_URL
    s.field<&Config::token_ttl>().minimum(1);              // TOKEN_TTL=900, or 15m
    s.field<&Config::jwt_secret>().min_length(32);         // JWT_SECRET, which has to be set
  }
};

struct User {
  std::string name;

  static void describe(aerie::Schema<User>& s) { s.field<&User::name>(); }
  // Makes it a parameter of handlers: the claims that the guard has left.
  static User const& extract(aerie::ExecutionContext& context) { return context.get<User>(); }
};

class LoginController {
 public:
  explicit LoginController(aerie::JwtService const& jwt) : jwt_(jwt) {}

  static void describe(aerie::Controller<LoginController>& c) { c.post<&LoginController::login>("login"); }

 private:
  // In earnest it would check a password.
  aerie::Object login(aerie::Query<"name"> name) {
    return {{"token", jwt_.sign(User{name->value_or("nobody")})}};
  }

  aerie::JwtService const& jwt_;
};

class HelloGateway {
 public:
  static void describe(aerie::Gateway<HelloGateway>& g) {
    g.options(
        [](Config const& config) { return aerie::GatewayOptions{.cors = {{.origin = config.client_url}}}; });
    g.protect<aerie::JwtGuard<User>>();
    g.on<&HelloGateway::whoami>();
  }

 private:
  User whoami(User const& me) { return me; }
};

struct AppModule {
  static void describe(aerie::Module& m) {
    m.imports(aerie::ConfigModule::for_root<Config>());
    m.imports(aerie::JwtModule::for_root([](Config const& config) {
      return aerie::JwtOptions{
          .key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, config.jwt_secret),
          .sign = {.expires_in = config.token_ttl},
          .session_grace = 25s,
      };
    }));
    m.controllers<LoginController>().gateways<HelloGateway>();
  }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (auto const status = aerie::emit_contract<AppModule>(argc, argv)) return *status;
    auto app = aerie::Application::create<AppModule>();
    app.listen(example::port(argc, argv));
    app.run();
  } catch (aerie::gateway::StartError const& error) {
    // "... set JWT_SECRET to a text of at least 32 characters (it is not set)"
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
