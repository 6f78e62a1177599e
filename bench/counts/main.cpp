// What the hot paths cost in instructions: `bench_counts SCENARIO` does something often, and prints how
// often. Under callgrind, told to count only what happens within `counted_run`, that gives the cost of doing
// it once; see bench/counts/count.
#include "order_scene.hpp"
#include "scene.hpp"

#include <gnu/libc-version.h>

#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

namespace aerie::counts { namespace {

constexpr std::size_t rounds = 50;
constexpr std::size_t members = 200;

/// Does `prepare` and counts what follows from it, after a few rounds that fill caches and reserves.
std::size_t repeat(Scene& scene, std::size_t units_per_round, std::function<void()> const& prepare) {
  constexpr std::size_t warming = 5;
  for (std::size_t i = 0; i < warming + rounds; ++i) {
    prepare();
    if (i < warming) {
      scene.run();
    } else {
      counted_run(scene);
    }
    scene.drain();
  }
  return rounds * units_per_round;
}

std::string times(std::size_t count, std::string const& frame) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += frame;
  return all;
}

/// A payload as the load generator sends it.
std::string const payload(64, 'x');

std::size_t count_echo(std::size_t in_flight, bool measured = false) {
  Scene scene(1, measured);
  auto& client = scene.add_client();
  auto const input = times(in_flight, frame("217[\"echo\",\"" + payload + "\"]"));
  return repeat(scene, in_flight, [&] { client.write(input); });
}

std::size_t count_typed_event() {
  Scene scene;
  auto& client = scene.add_client();
  auto const input = times(10, frame("2[\"note\",\"" + payload + "\"]"));
  return repeat(scene, 10, [&] { client.write(input); });
}

std::size_t count_fan_out(std::size_t in_flight, unsigned threads, std::size_t receivers = members) {
  Scene scene(threads);
  for (std::size_t i = 0; i < receivers; ++i)
    scene.add_member();
  auto const input = times(in_flight, frame("2[\"msg\",\"" + payload + "\"]"));
  return repeat(scene, in_flight * receivers, [&] { scene.clients().front().write(input); });
}

/// A room whose members are spread over all shards.
std::function<std::size_t()> hot_room(unsigned threads) {
  constexpr std::size_t receivers = 1000;
  return [threads] { return count_fan_out(1, threads, receivers); };
}

std::size_t count_connect() {
  Scene scene;
  return repeat(scene, 1, [&] {
    auto& client = scene.clients().emplace_back(scene.world.connect());
    client.write(browser_handshake());
    client.write(connect_frame());
  });
}

std::size_t count_disconnect() {
  Scene scene;
  for (std::size_t i = 0; i < 2 * rounds; ++i)
    scene.add_member();
  return repeat(scene, 1, [&] { scene.clients().pop_back(); });
}

std::size_t count_join() {
  Scene scene;
  std::size_t number = 0;
  return repeat(scene, 1, [&] {
    auto& client = scene.add_client();
    client.write(frame(++number % 2 == 0 ? R"(20["join","lobby"])" : R"(20["join","another room"])"));
  });
}

std::size_t count_polling_echo() {
  Scene scene;
  test::PollingClient client(scene.world, "/socket.io/");
  client.open();
  client.post("40");
  client.poll();
  auto const poll = test::get_request(client.target());
  auto const post = test::post_request(client.target(), "4217[\"echo\",\"" + payload + "\"]");
  return repeat(scene, 1, [&] {
    client.polls.take();
    client.posts.take();
    client.polls.write(poll);
    client.posts.write(post);
  });
}

/// An order that somebody answers; see OrderScene.
std::size_t count_orders(Counter counter) {
  OrderScene scene(counter);
  if (!scene.works()) throw std::logic_error("orders are not answered");
  auto& client = scene.clients().front();
  auto const input = OrderScene::orders(10);
  return repeat(scene, 10, [&] { client.write(input); });
}

std::map<std::string, std::function<std::size_t()>> const scenarios{
    {"echo", [] { return count_echo(1); }},
    {"echo-10-in-flight", [] { return count_echo(10); }},
    {"typed-event", count_typed_event},
    {"fan-out", [] { return count_fan_out(1, 1); }},
    {"fan-out-16-in-flight", [] { return count_fan_out(16, 1); }},
    {"fan-out-2-threads", [] { return count_fan_out(1, 2); }},
    {"connect", count_connect},
    {"disconnect", count_disconnect},
    {"join", count_join},
    {"polling-echo", count_polling_echo},
    {"order-socket", [] { return count_orders(Counter::socket); }},
    {"order-gateway", [] { return count_orders(Counter::gateway); }},
    {"order-guarded", [] { return count_orders(Counter::guarded_gateway); }},
};

/// Those that are only counted when they are asked for: the same with metrics on, and a hot room on more
/// shards than the machine may have cores.
std::map<std::string, std::function<std::size_t()>> const on_demand{
    {"echo-measured", [] { return count_echo(1, true); }},
    {"echo-10-in-flight-measured", [] { return count_echo(10, true); }},
    {"hot-room-1-thread", hot_room(1)},
    {"hot-room-2-threads", hot_room(2)},
    {"hot-room-4-threads", hot_room(4)},
    {"hot-room-8-threads", hot_room(8)},
};

}}  // namespace aerie::counts

namespace {

/// What the figures depend on beside the code.
std::string compiler() {
#ifdef __clang__
  std::string const name = "clang++ ";
#else
  std::string const name = "g++ ";
#endif
  return name + __VERSION__ + ", glibc " + gnu_get_libc_version();
}

}  // namespace

int main(int argc, char** argv) {
  using aerie::counts::on_demand;
  using aerie::counts::scenarios;
  std::string const asked = argc == 2 ? argv[1] : "";
  if (auto const found = scenarios.find(asked); found != scenarios.end()) {
    std::cout << found->second() << std::endl;
  } else if (auto const other = on_demand.find(asked); other != on_demand.end()) {
    std::cout << other->second() << std::endl;
  } else if (asked == "--compiler") {
    std::cout << compiler() << std::endl;
  } else if (asked == "--list") {
    for (auto const& [name, run] : scenarios)
      std::cout << name << std::endl;
  } else {
    std::cerr << "usage: bench_counts SCENARIO | --list | --compiler\n";
    return 2;
  }
  return 0;
}
