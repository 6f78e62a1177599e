// Lets in whom a server of identities vouches for, whose keys are published, unless a token was taken back.
#include "port.hpp"

#include <aerie/gateway/gateways.hpp>

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct User {
  std::string sub;

  static void describe(aerie::Schema<User>& s) { s.field<&User::sub>(); }
  static User const& extract(aerie::ExecutionContext& context) { return context.get<User>(); }
};

/// The tokens that were taken back, by their ids. A program of several servers asks a database here.
class Revocations {
 public:
  void add(std::string token_id) {
    std::scoped_lock const lock(mutex_);
    ids_.insert(std::move(token_id));
  }
  aerie::Task<bool> contains(std::string token_id) const {
    std::scoped_lock const lock(mutex_);
    co_return ids_.contains(token_id);
  }

 private:
  std::mutex mutable mutex_;
  std::set<std::string> ids_;
};

class HelloGateway {
 public:
  explicit HelloGateway(Revocations& revocations) : revocations_(revocations) {}

  static void describe(aerie::Gateway<HelloGateway>& g) {
    g.protect<aerie::JwtGuard<User>>();
    g.on<&HelloGateway::hello>("hello");
    g.on<&HelloGateway::revoke>("revoke");
  }

 private:
  std::string hello(User const& user) { return "Hello, " + user.sub + "!"; }
  void revoke(std::string const& token_id) { revocations_.add(token_id); }

  Revocations& revocations_;
};

struct RevocationsModule {
  static void describe(aerie::Module& m) { m.provides<Revocations>().exports<Revocations>().global(); }
};

/// Where the keys are.
struct Keys {
  std::string url;
  std::string file;
};

aerie::JwtOptions options_of(Keys const& keys, Revocations& revocations) {
  aerie::JwtOptions options;
  options.jwks = aerie::JwksOptions{.url = keys.url, .file = keys.file};
  options.revoked = [&revocations](aerie::Value const& claims) {
    return revocations.contains(std::string(claims["jti"].get_if<std::string_view>().value_or("")));
  };
  return options;
}

struct KeysModule {
  static aerie::DynamicModule for_root(Keys keys) {
    return aerie::dynamic_module<KeysModule>(
        [keys = std::move(keys)](aerie::Module& m) { m.provides_value(keys); });
  }
  static void describe(aerie::Module& m) { m.exports<Keys>().global(); }
};

struct AppModule {
  static void describe(aerie::Module& m) {
    m.imports<RevocationsModule>();
    m.imports(aerie::JwtModule::for_root(&options_of));
    m.gateways<HelloGateway>();
  }
};

aerie::DynamicModule app_module(Keys const& keys) {
  return aerie::dynamic_module<AppModule>(
      [keys](aerie::Module& m) { m.imports(KeysModule::for_root(keys)); });
}

}  // namespace

int main(int argc, char** argv) {
  auto app = aerie::Application::create(
      app_module({example::option(argc, argv, "--jwks-url"), example::option(argc, argv, "--jwks-file")}));
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}
