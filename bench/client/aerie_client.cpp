// What `aerie::client` costs: one of the programs that bench/client/measure.py runs, all of which take the
// same words:
//
//     bench_client URL echo N WINDOW     N acknowledged events over one connection, WINDOW of them in flight
//     bench_client URL receive N SIZE    N events of SIZE characters that the server emits
//     bench_client URL connect N         N connections, one after the other
//     bench_client URL hold N            N connections at the same time
//
// and print one line of JSON: the CPU time of the process, all threads, from before the work to after it, the
// time that went by, and for `hold` what the process has grown by.
#include "meter.hpp"

#include <aerie/client.hpp>

#include <unistd.h>

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using aerie::AckReply;
using aerie::client::Manager;
using aerie::client::Options;
using aerie::client::Socket;
using aerie::client::Transport;

constexpr int burst = 1000;  // events that the server is asked for at once
constexpr int opened_at_once = 50;
constexpr std::string_view text = "the text of an echo, of forty characters";

Options websocket_only() {
  Options options;
  options.transports = {Transport::websocket};
  options.reconnection = false;
  return options;
}

class Bench {
 public:
  Bench(std::string url, int count, int parameter)
      : url_(std::move(url)), count_(count), parameter_(parameter) {}

  bool run(std::string const& mode) {
    if (mode == "echo") one_connection([this] { echo(); });
    if (mode == "receive") one_connection([this] { receive(); });
    if (mode == "connect") connect_next();
    if (mode == "hold") hold();
    if (managers_.empty()) return false;
    meter_.begin();
    runtime_.run();
    meter_.report(done_);
    return true;
  }

 private:
  Socket open(std::function<void(Socket const&)> connected) {
    auto const& manager = managers_.emplace_back(runtime_, url_, websocket_only());
    auto const socket = manager.socket();
    socket.on("connect", [socket, connected = std::move(connected)] { connected(socket); });
    socket.on("connect_error", [](std::string const& why) { fail(why); });
    socket.on("disconnect", [this](std::string const& why) {
      if (!is_over_) fail(why);
    });
    socket.connect();
    return socket;
  }

  template <class F>
  void one_connection(F work) {
    socket_ = open([this, work](Socket const&) {
      meter_.begin();
      work();
    });
  }

  void echo() {
    for (int i = 0; i < parameter_; ++i)
      send_one();
  }
  void send_one() {
    if (sent_ == count_) return;
    socket_->emit("echo", text, ++sent_, [this](AckReply const& reply) {
      if (!reply.ok()) fail("no acknowledgement");
      if (++done_ == count_) return end();
      send_one();
    });
  }

  void receive() {
    socket_->on("count", [this](int, std::string const& payload) {
      if (payload.size() != static_cast<std::size_t>(parameter_)) fail("another event than was asked for");
      if (++done_ == count_) return end();
      if (done_ % burst == 0) socket_->emit("count", burst, parameter_);
    });
    socket_->emit("count", burst, parameter_);
  }

  void connect_next() {
    open([this](Socket const&) {
      if (++done_ == count_) return end();
      connect_next();
    });
  }

  void hold() {
    meter_.note_memory();
    for (int i = 0; i < opened_at_once && i < count_; ++i)
      hold_one();
  }
  void hold_one() {
    ++sent_;
    open([this](Socket const&) {
      if (++done_ == count_) return end();
      if (sent_ < count_) hold_one();
    });
  }

  void end() {
    meter_.end();
    is_over_ = true;
    runtime_.stop();
  }
  [[noreturn]] static void fail(std::string_view why) {
    std::cerr << "bench_client: " << why << std::endl;
    _exit(1);
  }

  std::string const url_;
  int const count_;
  int const parameter_;
  aerie::Runtime runtime_{{.threads = 1}};
  std::vector<Manager> managers_;
  std::optional<Socket> socket_;
  int sent_ = 0;
  int done_ = 0;
  Meter meter_;
  bool is_over_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  Bench bench(argv[1], std::stoi(argv[3]), argc > 4 ? std::stoi(argv[4]) : 0);
  return bench.run(argv[2]) ? 0 : 2;
}
