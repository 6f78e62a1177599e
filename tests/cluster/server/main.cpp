// The server of ../TARGET.md on Aerie.
#include "job.hpp"
#include "named_member.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/socketio/server.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluster_target { namespace {

using aerie::Socket;
using aerie::Task;
using aerie::Value;
using aerie::cluster::SubscriptionMode;
using namespace std::chrono_literals;

struct Options {
  std::uint16_t port = 3000;
  unsigned threads = 1;
  std::string redis = "redis://127.0.0.1:6379";
  std::string adapter = "redis";
  std::string mode = "dynamic";
  bool specific_responses = false;
  int requests_timeout = 5000;
  std::vector<std::string> signing_keys = {};
  std::string server_id = {};
  bool msgpack_clients = false;
  bool json_wire = false;
  int recovery = 0;
  int ping_interval = 25'000;
  int ping_timeout = 20'000;
  std::string delivery = "at-most-once";
  unsigned wait_replicas = 0;
};

std::map<std::string, SubscriptionMode> const modes{{"static", SubscriptionMode::static_},
                                                    {"dynamic", SubscriptionMode::dynamic},
                                                    {"dynamic-private", SubscriptionMode::dynamic_private}};

void read(CLI::App& app, Options& options) {
  app.add_option("--port", options.port);
  app.add_option("--threads", options.threads);
  app.add_option("--redis", options.redis, "the address of Redis");
  app.add_option("--adapter", options.adapter)
      ->check(CLI::IsMember({"redis", "redis-sharded", "redis-streams"}));
  app.add_option("--mode", options.mode, "the sharded adapter's subscription mode")
      ->check(CLI::IsMember(modes));
  app.add_flag("--specific-responses", options.specific_responses);
  app.add_option("--requests-timeout", options.requests_timeout, "milliseconds");
  app.add_option("--recovery", options.recovery, "seconds that a client may be away");
  app.add_option("--ping-interval", options.ping_interval, "milliseconds");
  app.add_option("--ping-timeout", options.ping_timeout, "milliseconds");
  app.add_option("--delivery", options.delivery)->check(CLI::IsMember({"at-most-once", "exactly-once"}));
  app.add_option("--wait-replicas", options.wait_replicas, "replicas that must have what `say` has answered");
  app.add_option("--server-id", options.server_id, "16 hexadecimal digits instead of random ones");
  app.add_flag("--msgpack-clients", options.msgpack_clients, "clients speak socket.io-msgpack-parser");
  app.add_flag("--json-wire", options.json_wire, "the parser of the plain adapter writes JSON");
  app.add_option("--signing-key", options.signing_keys, "the first one signs");
}

// The adapter's option `parser`.
aerie::cluster::RedisParser json_parser() {
  return {.encode = [](Value const& value) { return aerie::json::stringify(value); },
          .decode = [](std::string_view text) -> std::optional<Value> {
            Value value;
            if (!aerie::json::parse(text, value).ok()) return std::nullopt;
            return value;
          }};
}

aerie::AdapterFactory adapter(Options const& options) {
  std::chrono::milliseconds const requests_timeout(options.requests_timeout);
  if (options.adapter == "redis-sharded") {
    return aerie::RedisShardedAdapter{.url = options.redis,
                                      .subscription_mode = modes.at(options.mode),
                                      .requests_timeout = requests_timeout,
                                      .signing = {.keys = options.signing_keys}};
  }
  if (options.adapter == "redis-streams")
    return aerie::RedisStreamsAdapter{.url = options.redis,
                                      .delivery = options.delivery == "exactly-once"
                                                      ? aerie::cluster::Delivery::exactly_once
                                                      : aerie::cluster::Delivery::at_most_once,
                                      .wait_replicas = options.wait_replicas,
                                      .requests_timeout = requests_timeout};
  return aerie::RedisAdapter{.url = options.redis,
                             .requests_timeout = requests_timeout,
                             .publish_on_specific_response_channel = options.specific_responses,
                             .parser = options.json_wire ? json_parser() : aerie::cluster::RedisParser{},
                             .signing = {.keys = options.signing_keys}};
}

Task<Value> ask_room(Socket& socket, std::string room) {
  auto const room_members = socket.nsp().to(room).timeout(1s);
  auto const reply = co_await room_members.emit_with_ack("question");
  co_return sorted(reply.responses);
}

Task<std::string> say(Socket& socket, std::string room, Value text) {
  auto const members = socket.nsp().to(room);
  auto const stored = co_await members.emit_stored("said", text);
  co_return stored ? "ok" : "not stored";
}

Task<Value> who_is_in(Socket& socket, std::string room) {
  auto const sockets = co_await socket.nsp().in(room).fetch_sockets();
  std::vector<Value> ids;
  for (auto const& member : sockets)
    ids.emplace_back(member.id());
  co_return sorted(std::move(ids));
}

std::string_view name_of(aerie::ClusterState state) {
  switch (state) {
    case aerie::ClusterState::alone:
      return "alone";
    case aerie::ClusterState::starting:
      return "starting";
    case aerie::ClusterState::ready:
      return "ready";
    case aerie::ClusterState::degraded:
      return "degraded";
    case aerie::ClusterState::closed:
      break;
  }
  return "closed";
}

Value status(aerie::Server const& io) {
  auto const status = io.cluster();
  return aerie::Object{{"state", name_of(status.state)},
                       {"reason", status.reason},
                       {"sent", status.sent},
                       {"received", status.received},
                       {"lost", status.lost},
                       {"malformed", status.malformed},
                       {"refused", status.refused},
                       {"idConflicts", status.id_conflicts}};
}

void serve(aerie::Server& io, aerie::Namespace& nsp) {
  nsp.on("join", [](Socket& socket, std::string room) {
    socket.join(room);
    return "ok";
  });
  nsp.on("leave", [](Socket& socket, std::string room) {
    socket.leave(room);
    return "ok";
  });
  nsp.on("say", &say);
  nsp.on("tell", [](Socket& socket, std::string id, Value text) {
    socket.nsp().to(id).emit("said", text);
    return "ok";
  });
  // What it answers, wherever it is by then, is said to a room.
  nsp.on("ask-me", [](Socket& socket, Value text, std::string room) {
    auto const& space = socket.nsp();
    socket.at_least_once(20s).emit("question", text, [&space, room](aerie::AckReply const& reply) {
      auto const said = reply.ok() ? reply.get<Value>() : Value(to_string(reply.error()));
      space.to(room).emit("said", said);
    });
    return "ok";
  });
  nsp.on("recovered", [](Socket& socket) { return socket.recovered(); });
  nsp.on("ask", &ask_room);
  nsp.on("who", &who_is_in);
  nsp.on("kick", [](Socket& socket, std::string room, aerie::Ack<std::string> const& ack) {
    ack("ok");
    socket.nsp().in(room).disconnect_sockets();
  });
  nsp.on("move", [](Socket& socket, std::string from, std::string to) {
    auto const members = socket.nsp().in(from);
    members.sockets_join(to);
    members.sockets_leave(from);
    return "ok";
  });
  nsp.on("recovered-how", [](Socket& socket) { return std::string(to_string(socket.recovery())); });
  nsp.on("servers", [&io]() -> Task<std::size_t> { return io.server_count(); });
  nsp.on("status", [&io] { return status(io); });
  nsp.on("side", [](Socket& socket, Value text) {
    socket.nsp().server_side_emit("side", text);
    return "ok";
  });
  nsp.on("do", &perform);
  nsp.on_server_side("side", [&nsp](Value text) { nsp.local().emit("side", text); });
  nsp.on_server_side("question", [](aerie::Args const& args, aerie::ServerSideAck const& ack) {
    if (args.empty()) {
      ack();
    } else {
      ack(args.values().front());
    }
  });
}

void run(Options const& options) {
  aerie::Runtime runtime({.threads = options.threads});
  auto make = adapter(options);
  if (!options.server_id.empty()) make = with_id(std::move(make), options.server_id);
  aerie::ServerOptions server_options;
  if (options.msgpack_clients) server_options.parser = aerie::msgpack_parser();
  server_options.adapter = std::move(make);
  server_options.engine.ping_interval = std::chrono::milliseconds(options.ping_interval);
  server_options.engine.ping_timeout = std::chrono::milliseconds(options.ping_timeout);
  if (options.recovery > 0) {
    server_options.connection_state_recovery = {.max_disconnection_duration =
                                                    std::chrono::seconds(options.recovery)};
  }
  aerie::Server io(runtime, std::move(server_options));
  serve(io, io.of("/"));
  serve(io, io.of("/chat"));
  io.listen(options.port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
  runtime.on_signal({SIGINT, SIGTERM}, [&io](int) { io.close(); });
  io.run();
}

}}  // namespace cluster_target

int main(int argc, char** argv) {
  CLI::App app("A server of a cluster, for tests");
  cluster_target::Options options;
  cluster_target::read(app, options);
  try {
    app.parse(argc, argv);
    cluster_target::run(options);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
