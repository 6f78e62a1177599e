// The server that the load clients measure: `bench_server --port P --threads N [--redis URL --adapter
// redis|redis-sharded]`.
//
//   echo(...args, ack)   acknowledges with the same arguments, decoded
//   join(room, ack)      joins a room and acknowledges
//   msg(payload)         goes to everybody in the sender's room, or in "bench" if it joined none
//
// Nothing is tuned: this is what an application gets that uses the public interface with its defaults.
#include <aerie/cluster/redis_adapter.hpp>
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

aerie::AdapterFactory adapter_of(std::string const& redis, std::string const& name) {
  if (name == "redis-sharded") return aerie::RedisShardedAdapter{.url = redis};
  return aerie::RedisAdapter{.url = redis};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The server that bench_load measures");
  std::uint16_t port = 3000;
  aerie::ServerOptions options;
  app.add_option("--port", port, "where it listens on 127.0.0.1");
  app.add_option("--threads", options.runtime.threads, "event loops")->check(CLI::PositiveNumber);
  std::string redis;
  std::string adapter = "redis";
  auto* const with_redis = app.add_option("--redis", redis, "a Redis through which several of them are one");
  app.add_option("--adapter", adapter, "how they talk there: redis or redis-sharded")
      ->check(CLI::IsMember({"redis", "redis-sharded"}))
      ->needs(with_redis);
  CLI11_PARSE(app, argc, argv);

  if (!redis.empty()) options.adapter = adapter_of(redis, adapter);
  aerie::Server io(options);
  io.on("echo", &echo).on("join", &join).on("msg", &message);
  io.listen(port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
  io.run();
}
