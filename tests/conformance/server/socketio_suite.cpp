// The server that the official Socket.IO protocol test suite expects.
#include "suite_main.hpp"
#include "values.hpp"

#include <aerie/socketio/server.hpp>

#include <chrono>
#include <iostream>

namespace {

using namespace std::chrono_literals;

void serve_namespace(aerie::Namespace& nsp) {
  nsp.on_connection([](aerie::Socket& socket) { socket.emit("auth", socket.handshake().auth()); });
  nsp.on("message", [](aerie::Socket& socket, aerie::Args const& args) {
    conformance::emit_values(socket, "message-back", args.values());
  });
  nsp.on("message-with-ack",
         [](aerie::Args const& args, aerie::Ack<> const& ack) { ack.spread(args.values()); });
}

void serve(conformance::SuiteOptions const& suite) {
  aerie::Server io({.serve_client = false,
                    .connect_timeout = 1s,
                    .engine = {.ping_interval = 300ms,
                               .ping_timeout = 200ms,
                               .max_http_buffer_size = 1'000'000,
                               .cors = aerie::http::CorsOptions{.origin = "*"}}});
  serve_namespace(io.of("/"));
  serve_namespace(io.of("/custom"));
  io.listen(suite.port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  return conformance::run_suite_server(argc, argv, &serve);
}
