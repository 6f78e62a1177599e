// A server that the official Admin UI looks at: what tests/admin/run.mjs does with the official server is
// done with this one. It prints its port.
//
//     admin_server [--production] [--readonly] [--redis URL] [--threads N]
//
// The password of "admin" is "right".
#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/socketio/admin.hpp>
#include <aerie/socketio/server.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct Options {
  bool production = false;
  bool readonly = false;
  std::string redis;
  unsigned threads = 1;
};

Options read(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string_view const word = argv[i];
    auto const value = [&] {
      if (++i == argc) throw std::invalid_argument(std::string(word) + " needs a value");
      return std::string(argv[i]);
    };
    if (word == "--production") {
      options.production = true;
    } else if (word == "--readonly") {
      options.readonly = true;
    } else if (word == "--redis") {
      options.redis = value();
    } else if (word == "--threads") {
      options.threads = static_cast<unsigned>(std::stoul(value()));
    } else {
      throw std::invalid_argument("no such option: " + std::string(word));
    }
  }
  return options;
}

void serve(aerie::Namespace& nsp) {
  nsp.on("echo", [](std::string text) { return text; });
  nsp.on("join", [](aerie::Socket& socket, std::string const& room) {
    socket.join(room);
    return true;
  });
  nsp.on("leave", [](aerie::Socket& socket, std::string const& room) {
    socket.leave(room);
    return true;
  });
  nsp.on("say", [&nsp](std::string const& room, std::string const& text) {
    nsp.to(room).emit("said", text);
    return true;
  });
  nsp.on("set", [](aerie::Socket& socket, aerie::Value const& color) {
    auto& data = socket.data();
    if (data.is_object()) data.as_object().set("color", color);
    return true;
  });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    auto const options = read(argc, argv);
    aerie::ServerOptions server;
    server.serve_client = false;
    server.runtime.threads = options.threads;
    // The page is of another origin, and sends its cookies.
    aerie::http::CorsOptions cors;
    cors.origin = true;
    cors.credentials = true;
    server.engine.cors = cors;
    if (!options.redis.empty()) {
      aerie::RedisAdapter adapter;
      adapter.url = options.redis;
      server.adapter = adapter;
    }
    aerie::Server io(server);
    aerie::AdminOptions admin;
    // The lowest cost: the tests sign in often.
    admin.auth = aerie::AdminBasicAuth{.username = "admin", .password = aerie::bcrypt_hash("right", 4)};
    admin.readonly = options.readonly;
    admin.mode = options.production ? aerie::AdminMode::production : aerie::AdminMode::development;
    aerie::instrument(io, admin);
    serve(io.of("/"));
    serve(io.of("/chat"));
    io.runtime().on_signal({SIGTERM}, [&io](int) { io.close(); });
    io.listen(0, "127.0.0.1");
    std::cout << io.port() << std::endl;
    io.run();
    return EXIT_SUCCESS;
  } catch (std::exception const& error) {
    std::cerr << "admin_server: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
