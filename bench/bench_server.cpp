// The server that the load clients measure: `bench_server --port P --threads N [--io-uring] [--redis URL
// --adapter redis|redis-sharded|redis-streams [--recovery SECONDS [--delivery exactly-once]]] [--deflate
// context|shared] [--parser msgpack] [--certificate FILE --key FILE]`.
//
//   echo(...args, ack)   acknowledges with the same arguments, decoded
//   join(room, ack)      joins a room and acknowledges
//   leave(room, ack)     leaves it and acknowledges
//   msg(payload)         goes to everybody in the sender's room, or in "bench" if it joined none
//   relay(payload)       the same, but not to the sender
//   store(payload, ack)  the same, and acknowledges with the payload once it is safe by the promise of the
//   adapter
//   who(payload, ack)    the same as echo, after asking for all sockets of the namespace
//   ask(payload, ack)    the same, after everybody in the namespace has acknowledged a `question`
//   count(n, size)       emits `count` n times, with a number and a text of that size: for bench/client
//
// Nothing is tuned: this is what an application gets that uses the public interface with its defaults.
#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/socketio/server.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
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

bool leave(aerie::Socket& socket, std::string const& room) {
  socket.leave(room);
  return true;
}

aerie::BroadcastOperator room_of(aerie::Socket& socket) {
  auto const* const joined = socket.find<JoinedRoom>();
  return socket.nsp().to(joined != nullptr ? joined->name : JoinedRoom().name);
}

void message(aerie::Socket& socket, aerie::Value const& payload) {
  room_of(socket).emit("msg", payload);
}

void relay(aerie::Socket& socket, aerie::Value const& payload) {
  auto const* const joined = socket.find<JoinedRoom>();
  socket.to(joined != nullptr ? joined->name : JoinedRoom().name).emit("msg", payload);
}

aerie::Task<aerie::Value> store(aerie::Socket& socket, aerie::Value payload) {
  auto const room = room_of(socket);
  auto const stored = co_await room.emit_stored("msg", payload);
  co_return stored ? payload : aerie::Value("not stored");
}

aerie::Task<aerie::Value> who(aerie::Socket& socket, aerie::Value payload) {
  auto const found = co_await socket.nsp().fetch_sockets();
  co_return found.sockets().empty() ? aerie::Value("nobody") : payload;
}

aerie::Task<aerie::Value> ask(aerie::Socket& socket, aerie::Value payload) {
  auto const everybody = socket.nsp().timeout(std::chrono::seconds(10));
  auto const reply = co_await everybody.emit_with_ack("question", payload);
  co_return reply.ok() ? payload : aerie::Value("not everybody has answered");
}

void count(aerie::Socket& socket, int times, std::size_t size) {
  std::string const text(size, 'x');
  for (int i = 0; i < times; ++i)
    socket.emit("count", i, text);
}

struct Cluster {
  std::string redis = {};
  std::string adapter = "redis";
  int recovery = 0;
  std::string delivery = "at-most-once";
  unsigned wait_replicas = 0;
};

aerie::AdapterFactory adapter_of(Cluster const& cluster) {
  if (cluster.adapter == "redis-sharded") return aerie::RedisShardedAdapter{.url = cluster.redis};
  if (cluster.adapter == "redis") return aerie::RedisAdapter{.url = cluster.redis};
  auto const exactly = cluster.delivery == "exactly-once";
  return aerie::RedisStreamsAdapter{
      .url = cluster.redis,
      .delivery = exactly ? aerie::cluster::Delivery::exactly_once : aerie::cluster::Delivery::at_most_once,
      .wait_replicas = cluster.wait_replicas};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The server that bench_load measures");
  std::uint16_t port = 3000;
  aerie::ServerOptions options;
  app.add_option("--port", port, "where it listens on 127.0.0.1");
  app.add_option("--threads", options.runtime.threads, "event loops")->check(CLI::PositiveNumber);
  app.add_flag("--io-uring", options.runtime.io_uring,
               "what a turn sends to many goes to the kernel at once");
  Cluster cluster;
  auto* const with_redis =
      app.add_option("--redis", cluster.redis, "a Redis through which several of them are one");
  app.add_option("--adapter", cluster.adapter, "how they talk there")
      ->check(CLI::IsMember({"redis", "redis-sharded", "redis-streams"}))
      ->needs(with_redis);
  app.add_option("--recovery", cluster.recovery, "seconds that a client may be away");
  app.add_option("--delivery", cluster.delivery, "over a stream")
      ->check(CLI::IsMember({"at-most-once", "exactly-once"}));
  app.add_option("--wait-replicas", cluster.wait_replicas, "replicas that must have what is stored");
  std::string deflate;
  app.add_option("--deflate", deflate,
                 "compress messages of 64 B and more: with what was sent before in mind, or not")
      ->check(CLI::IsMember({"context", "shared"}));
  std::string parser;
  app.add_option("--parser", parser, "what packets are written in instead of JSON")
      ->check(CLI::IsMember({"msgpack"}));
  aerie::http::TlsOptions tls;
  app.add_option("--certificate", tls.certificate_file, "a PEM file: HTTPS with this certificate");
  app.add_option("--key", tls.private_key_file, "a PEM file: its key");
  CLI11_PARSE(app, argc, argv);

  if (!cluster.redis.empty()) options.adapter = adapter_of(cluster);
  if (cluster.recovery > 0)
    options.connection_state_recovery = {.max_disconnection_duration =
                                             std::chrono::seconds(cluster.recovery)};
  options.engine.per_message_deflate.enabled = !deflate.empty();
  options.engine.per_message_deflate.threshold = 64;
  options.engine.per_message_deflate.server_no_context_takeover = deflate == "shared";
  if (parser == "msgpack") options.parser = aerie::msgpack_parser();
  if (!tls.certificate_file.empty()) options.http.tls = tls;
  aerie::Server io(options);
  io.on("echo", &echo)
      .on("join", &join)
      .on("leave", &leave)
      .on("msg", &message)
      .on("relay", &relay)
      .on("store", &store)
      .on("who", &who)
      .on("ask", &ask)
      .on("count", &count);
  io.listen(port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
  io.run();
}
