// A load generator for Socket.IO servers with the contract of bench_server. It prints one JSON object: rates,
// the CPU time of the server (`--pid`) and its own, and the server's resident memory.
//
//   bench_load --port P --pid N --scenario idle|echo|fanout [--connections N] [--in-flight N] [--payload
//   BYTES]
//              [--seconds S]

#include "load/connection.hpp"

#include <CLI/CLI.hpp>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using load::Connection;

struct Options {
  std::uint16_t port = 3000;
  int pid = 0;
  std::string scenario = "echo";
  std::size_t connections = 100;
  std::size_t in_flight = 1;
  std::size_t payload = 64;
  double seconds = 3;
};

double cpu_seconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double resident_kib(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto const seconds = [](timeval const& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// About what a browser sends, with a session's token in a cookie's place in the CONNECT packet.
std::string browser_headers() {
  return "Pragma: no-cache\r\nCache-Control: no-cache\r\n"
         "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/140.0.0.0 "
         "Safari/537.36\r\nOrigin: http://127.0.0.1\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
         "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\nCookie: session=" +
         std::string(220, 'c') +
         "\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
}

std::string auth() {
  return "{\"token\":\"" + std::string(300, 't') + "\"}";
}

/// Runs one scenario to its end.
class Driver final : public load::Listener {
 public:
  explicit Driver(Options const& options) : options_(options), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    headers_ = browser_headers();
    auth_ = auth();
    for (std::size_t i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>(i, *this));
    }
    auto const text = "\"" + std::string(options.payload, 'x') + "\"";
    message_ = load::text_frame("42[\"msg\"," + text + "]");
    echo_ = load::text_frame("421[\"echo\"," + text + "]");
    join_ = load::text_frame("420[\"join\",\"bench\"]");
  }
  ~Driver() override { ::close(epoll_); }

  int run() {
    auto const memory = resident_kib(options_.pid);
    connect_all();
    if (options_.scenario == "idle") return report_idle(memory);
    if (options_.scenario == "fanout") join_all();
    measure();
    return 0;
  }

 private:
  static constexpr std::size_t handshakes_at_once = 128;

  void connect_all() {
    auto const cpu = cpu_seconds(options_.pid);
    auto const begin = Clock::now();
    while (ready_ < connections_.size()) {
      while (opened_ < connections_.size() && opened_ - ready_ < handshakes_at_once) {
        connections_[opened_++]->open(epoll_, options_.port, headers_, auth_);
      }
      turn(1000);
    }
    connect_seconds_ = std::chrono::duration<double>(Clock::now() - begin).count();
    connect_cpu_ = cpu_seconds(options_.pid) - cpu;
  }

  void join_all() {
    for (auto const& connection : connections_)
      connection->send(join_);
    while (acks_ < connections_.size())
      turn(1000);
    acks_ = 0;
  }

  int report_idle(double memory_before) {
    auto const until = Clock::now() + std::chrono::seconds(2);
    while (Clock::now() < until)
      turn(100);
    auto const count = static_cast<double>(connections_.size());
    std::printf(
        "{\"scenario\":\"idle\",\"connections\":%zu,\"connects_per_s\":%.0f,\"server_us_per_connect\":%.1f,"
        "\"kib_per_connection\":%.2f,\"lost\":%zu}\n",
        connections_.size(), count / connect_seconds_, connect_cpu_ * 1e6 / count,
        (resident_kib(options_.pid) - memory_before) / count, lost_);
    return lost_ == 0 ? 0 : 1;
  }

  void measure() {
    auto const fanout = options_.scenario == "fanout";
    begin_traffic(fanout);
    run_for(0.5);
    deliveries_ = acks_ = 0;
    auto const server = cpu_seconds(options_.pid);
    auto const own = own_cpu_seconds();
    auto const begin = Clock::now();
    run_for(options_.seconds);
    auto const seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    auto const units = static_cast<double>(fanout ? deliveries_ : acks_);
    auto const server_cpu = cpu_seconds(options_.pid) - server;
    auto const own_cpu = own_cpu_seconds() - own;
    std::printf(
        "{\"scenario\":\"%s\",\"connections\":%zu,\"in_flight\":%zu,\"payload\":%zu,\"per_s\":%.0f,"
        "\"server_us_per_unit\":%.3f,\"server_cpu\":%.2f,\"generator_cpu\":%.2f,\"lost\":%zu}\n",
        options_.scenario.c_str(), connections_.size(), options_.in_flight, options_.payload, units / seconds,
        server_cpu * 1e6 / std::max(units, 1.0), server_cpu / seconds, own_cpu / seconds, lost_);
  }

  void begin_traffic(bool fanout) {
    if (fanout) {
      for (std::size_t i = 0; i < options_.in_flight; ++i)
        connections_.front()->send(message_);
      return;
    }
    for (auto const& connection : connections_) {
      for (std::size_t i = 0; i < options_.in_flight; ++i)
        connection->send(echo_);
    }
  }

  void run_for(double seconds) {
    auto const until =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    while (Clock::now() < until && lost_ == 0)
      turn(100);
  }

  void turn(int wait_ms) {
    epoll_event events[512];
    auto const count = epoll_wait(epoll_, events, 512, wait_ms);
    for (int i = 0; i < count; ++i)
      static_cast<Connection*>(events[i].data.ptr)->on_events(events[i].events);
  }

  void on_ready(std::size_t) override { ++ready_; }
  void on_lost(std::size_t index) override {
    ++lost_;
    if (!connections_[index]->ready() && ready_ < connections_.size()) {
      std::fprintf(stderr, "connection %zu was lost while it was opened\n", index);
      std::exit(1);
    }
  }

  void on_packet(std::size_t index, std::string_view packet) override {
    if (packet[0] == '3') {
      ++acks_;
      if (options_.scenario == "echo") connections_[index]->send(echo_);
      return;
    }
    ++deliveries_;
    // Closed loop: when everybody has a message, the next one is due.
    if (++round_ == connections_.size()) {
      round_ = 0;
      connections_.front()->send(message_);
    }
  }

  Options options_;
  int epoll_;
  std::string headers_;
  std::string auth_;
  std::string message_;
  std::string echo_;
  std::string join_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t opened_ = 0;
  std::size_t ready_ = 0;
  std::size_t lost_ = 0;
  std::size_t acks_ = 0;
  std::size_t deliveries_ = 0;
  std::size_t round_ = 0;
  double connect_seconds_ = 0;
  double connect_cpu_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Load for servers with the contract of bench_server");
  Options options;
  app.add_option("--port", options.port, "where the server listens on 127.0.0.1")->required();
  app.add_option("--pid", options.pid, "the server's process, for its CPU time and memory")->required();
  app.add_option("--scenario", options.scenario)->check(CLI::IsMember({"idle", "echo", "fanout"}));
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 20000));
  app.add_option("--in-flight", options.in_flight,
                 "messages under way: per connection (echo), in all (fanout)");
  app.add_option("--payload", options.payload, "bytes of text in a message");
  app.add_option("--seconds", options.seconds, "how long to measure");
  CLI11_PARSE(app, argc, argv);
  return Driver(options).run();
}
