// The server that the load clients measure: `bench_server --port P --threads N`.
//
//   echo(...args, ack)   acknowledges with the same arguments, decoded
//   join(room, ack)      joins a room and acknowledges
//   msg(payload)         goes to everybody in the sender's room, or in "bench" if it joined none
//
// Nothing is tuned: this is what an application gets that uses the public interface with its defaults.
#include <aerie/socketio/server.hpp>

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

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

/// The number that follows `option` on the command line.
unsigned number(int argc, char** argv, std::string_view option, unsigned otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == option) return static_cast<unsigned>(std::stoul(argv[i + 1]));
  }
  return otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  aerie::ServerOptions options;
  options.runtime.threads = number(argc, argv, "--threads", 1);

  aerie::Server io(options);
  io.on("echo", &echo).on("join", &join).on("msg", &message);
  io.listen(static_cast<std::uint16_t>(number(argc, argv, "--port", 3000)), "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
  io.run();
}
