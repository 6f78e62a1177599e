#include "scene.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/metrics.hpp>

namespace aerie::counts {

namespace {

void echo(Args const& args, Ack<> const& ack) {
  ack.spread(args.values());
}

bool join(Socket& socket, std::string const& room) {
  socket.join(room);
  return true;
}

void message(Socket& socket, Value const& payload) {
  socket.nsp().to("bench").emit("msg", payload);
}

void note(std::string const&) {}

}  // namespace

std::string const& browser_handshake() {
  static std::string const request =
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
      "Host: chat.example.com\r\n"
      "Connection: Upgrade\r\n"
      "Pragma: no-cache\r\n"
      "Cache-Control: no-cache\r\n"
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
      "Safari/537.36\r\n"
      "Upgrade: websocket\r\n"
      "Origin: https://chat.example.com\r\n"
      "Sec-WebSocket-Version: 13\r\n"
      "Accept-Encoding: gzip, deflate, br, zstd\r\n"
      "Accept-Language: en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7\r\n"
      "Cookie: consent=1; theme=dark; visitor=7c9e6679-7425-40de-944b-e07fc1f90ae7; "
      "_ga=GA1.1.1182304.171999\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
      "\r\n";
  return request;
}

std::string const& connect_frame() {
  static std::string const connect = frame("0{\"token\":\"" + std::string(300, 't') + "\"}");
  return connect;
}

Scene::Scene(unsigned threads, bool measured) : world(threads), io_(world.http, {.serve_client = false}) {
  if (measured) measure();
  io_.on("echo", &echo).on("join", &join).on("msg", &message).on("note", &note);
}

/// By the processor's counter, if the kernel takes that for the time, as it is outside of tests.
void Scene::measure() {
  static core::SystemClock const time;
  static core::TickSource const source(time);
  for (std::size_t i = 0; i < world.runtime.shard_count(); ++i)
    world.runtime.shard(i).measure(std::make_unique<core::ShardMetrics>(source));
  io_.measure();
}

core::MemoryClient& Scene::add_client() {
  auto& client = clients_.emplace_back(world.connect(clients_.size() % world.runtime.shard_count()));
  client.write(browser_handshake());
  client.write(connect_frame());
  run();
  client.take();
  return client;
}

core::MemoryClient& Scene::add_member() {
  auto& client = add_client();
  client.write(frame(R"(2["join","bench"])"));
  run();
  client.take();
  return client;
}

void Scene::drain() {
  for (auto& client : clients_)
    client.take();
}

void counted_run(Scene& scene) {
  scene.run();
}

}  // namespace aerie::counts
