// What changes between a desk and a server comes from the environment, and is checked before anything starts.
#include "reminders.hpp"

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

struct Config {
  std::uint16_t port = 3000;
  std::string client_url;

  static void describe(aerie::Schema<Config>& s) {
    s.field<&Config::port>().minimum(1);           // PORT
    s.field<&Config::client_url>().min_length(1);  // CLIENT_URL, which must be set
  }
};

// Hooks have NestJS' names and order.
class Farewell {
 public:
  void before_application_shutdown(std::string_view signal) {
    std::cout << "closing on " << signal << std::endl;
  }
};

struct AppModule {
  static void describe(aerie::Module& m) {
    m.imports(aerie::ConfigModule::for_root<Config>());
    m.imports<ReminderModule>();
    m.provides<Farewell>();
  }
};

int main() try {
  auto app = aerie::Application::create<AppModule>();
  auto const& config = app.get<Config>();
  app.enable_cors({.origin = config.client_url, .credentials = true});
  app.enable_shutdown_hooks();
  app.listen(config.port);
  app.run();
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
