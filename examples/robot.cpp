// A robot that streams binary telemetry, fifty frames a second: what cannot leave at once is dropped, since
// the next frame is newer, and the connection comes back by itself.
//
//     field &
//     robot --url http://localhost:3000 --frames 500
#include "port.hpp"

#include <aerie/client.hpp>

#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <iostream>
#include <numbers>
#include <string>

namespace client = aerie::client;
using namespace std::chrono_literals;

struct Frame {
  std::uint32_t number;
  std::array<float, 3> acceleration;
};

/// What the sensors say, as bytes: no text is made of them, and none has to be read.
aerie::Bytes measure(std::uint32_t number) {
  auto const turn = static_cast<float>(number) * std::numbers::pi_v<float> / 50;
  Frame const frame{number, {std::sin(turn), std::cos(turn), 9.81F}};
  std::string bytes(sizeof frame, '\0');
  std::memcpy(bytes.data(), &frame, sizeof frame);
  return aerie::Bytes(bytes);
}

aerie::Task<void> stream(aerie::Runtime& runtime, client::Socket socket, std::uint32_t frames) {
  for (std::uint32_t number = 0; number < frames; ++number) {
    socket.volatile_().emit("telemetry", measure(number));
    co_await aerie::sleep_for(20ms);
  }
  // This one is to arrive, also if there is no connection at the moment.
  auto const heard = co_await socket.emit_with_ack<bool>("finished", frames);
  std::cout << frames << " frames" << (heard ? "" : ", which nobody has seen") << std::endl;
  runtime.stop();
}

int main(int argc, char** argv) {
  auto const url = example::option(argc, argv, "--url", "http://localhost:3000");
  auto const frames = std::stoul(example::option(argc, argv, "--frames", "500"));

  client::Options options;
  // No polling first: robots are built by those who know the network.
  options.transports = {client::Transport::websocket};
  aerie::Runtime runtime;
  client::Manager const manager(runtime, url, options);
  auto const socket = manager.socket();
  socket.on("connect_error", [](std::string const& why) { std::cout << "(" << why << ")" << std::endl; });
  socket.once("connect", [&runtime, socket, frames] {
    return stream(runtime, socket, static_cast<std::uint32_t>(frames));
  });
  socket.connect();
  runtime.run();
}
