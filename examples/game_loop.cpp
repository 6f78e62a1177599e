// A client that is polled by a game's loop: no thread of its own, no locks, and every listener is called
// where the loop asks for it, between two frames.
//
//     field &
//     game_loop --url http://localhost:3000 --frames 600
#include "port.hpp"

#include <aerie/client.hpp>

#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <string>
#include <thread>

namespace client = aerie::client;
using namespace std::chrono_literals;

struct Position {
  double x = 0;
  double y = 0;
  static void describe(aerie::Schema<Position>& s) {
    s.field<&Position::x>();
    s.field<&Position::y>();
  }
};

int main(int argc, char** argv) {
  auto const url = example::option(argc, argv, "--url", "http://localhost:3000");
  auto const frames = std::stoi(example::option(argc, argv, "--frames", "600"));

  aerie::Runtime runtime({.threads = 1});
  client::Manager const manager(runtime, url);
  auto const socket = manager.socket();
  std::map<std::string, Position> others;
  socket.on("moved", [&](std::string const& who, Position const& to) {
    if (others.insert_or_assign(who, to).second) std::cout << "another player: " << who << std::endl;
  });
  socket.connect();

  Position me;
  auto next = std::chrono::steady_clock::now();
  for (int frame = 0; frame < frames; ++frame) {
    // What has come since the last frame; it does not wait.
    runtime.turn();
    me = {std::cos(frame / 60.0), std::sin(frame / 60.0)};
    // Only while there is a connection: where it was is of no interest later.
    if (frame % 3 == 0) socket.volatile_().emit("move", me);
    // (Here the game draws itself and `others`.)
    next += 16ms;
    std::this_thread::sleep_until(next);
  }
  std::cout << "the end, with " << others.size() << " others" << std::endl;
}
