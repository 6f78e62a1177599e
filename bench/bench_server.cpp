// The server that the load clients measure: `bench_server --port P --threads N`.
//
//   echo(...args, ack)   acknowledges with the same arguments, decoded
//   join(room, ack)      joins a room and acknowledges
//   msg(payload)         goes to everybody in the sender's room, or in "bench" if it joined none
//
// Nothing is tuned: this is what an application gets that uses the public interface with its defaults.
#include <aerie/socketio/server.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <iostream>
#include <string>

namespace {

struct JoinedRoom {
  std::string name = "bench";
};

void echo(aerie::Args const& args, aerie::Ack<> const& ack) {
  ack.spread(args.values());
}

bool join(aerie::Socket& socket, std::string const& room) {
  socket.join(room);
  socket.set(JoinedRoom{room});
  return true;
}

void message(aerie::Socket& socket, aerie::Value const& payload) {
  auto const* const joined = socket.find<JoinedRoom>();
  socket.nsp().to(joined != nullptr ? joined->name : JoinedRoom().name).emit("msg", payload);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The server that bench_load measures");
  std::uint16_t port = 3000;
  aerie::ServerOptions options;
  app.add_option("--port", port, "where it listens on 127.0.0.1");
  app.add_option("--threads", options.runtime.threads, "event loops")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  aerie::Server io(options);
  io.on("echo", &echo).on("join", &join).on("msg", &message);
  io.listen(port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
  io.run();
}
