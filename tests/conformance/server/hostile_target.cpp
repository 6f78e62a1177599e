// A server for those who try raw inputs on it: `hostile_target --port P`. Everything that a client can reach
// is there and short-lived: both transports, compression, CORS for one origin, a static namespace beside the
// main one, dynamic ones, and one whose middleware takes its time. Every namespace acknowledges `echo` with
// "ok".
#include <aerie/core/sleep.hpp>
#include <aerie/socketio/server.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>

namespace {

using namespace std::chrono_literals;

aerie::ServerOptions settings() {
  aerie::ServerOptions options;
  options.connect_timeout = 1500ms;
  options.engine.ping_interval = 25s;
  options.engine.ping_timeout = 20s;
  options.engine.upgrade_timeout = 1500ms;
  options.engine.cors = aerie::http::CorsOptions{.origin = "http://good.example", .credentials = true};
  options.engine.per_message_deflate.enabled = true;
  options.engine.http_compression = 1024;
  return options;
}

template <class Handlers>
void answer_echo(Handlers& nsp) {
  nsp.on("echo", [] { return "ok"; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A server for raw inputs");
  std::uint16_t port = 3000;
  app.add_option("--port", port, "where it listens on 127.0.0.1");
  CLI11_PARSE(app, argc, argv);
  try {
    aerie::Server io(settings());
    answer_echo(io.sockets());
    answer_echo(io.of("/admin"));
    answer_echo(io.of(aerie::Pattern(R"(^/dyn-\d+$)")));
    auto& slow = io.of("/slow");
    slow.use([](aerie::Socket&) -> aerie::Task<void> { co_await aerie::sleep_for(300ms); });
    answer_echo(slow);
    io.runtime().on_signal({SIGTERM}, [&io](int) { io.close(); });
    io.listen(port, "127.0.0.1");
    std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
    io.run();
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
