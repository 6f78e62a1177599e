// A server inside your own event loop: everything here, your timers and sockets as well as every handler,
// runs on the one thread that runs the io_context, so nothing needs a lock.
#include "port.hpp"

#include <aerie/aerie.hpp>
#include <aerie/asio.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <iostream>

using namespace std::chrono_literals;

namespace {

// What the program does besides: a game's tick, a robot's control loop, a feed of prices.
class World {
 public:
  World(boost::asio::io_context& loop, aerie::Server& io) : timer_(loop), io_(io) { schedule(); }

 private:
  void schedule() {
    timer_.expires_after(100ms);
    timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      io_.emit("tick", ++tick_);
      schedule();
    });
  }

  boost::asio::steady_timer timer_;
  aerie::Server& io_;
  int tick_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  boost::asio::io_context loop;

  // One thread is the default, and a must here: the runtime's turns are handlers of this loop.
  aerie::Runtime runtime;
  aerie::asio::RuntimeDriver driver(loop.get_executor(), runtime);

  aerie::Server io(runtime);
  io.on("add", [](double a, double b) { return a + b; });
  io.listen(example::port(argc, argv));
  std::cout << "listening on port " << io.port() << std::endl;

  World world(loop, io);
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](auto, int) { io.close([&] { loop.stop(); }); });
  loop.run();
}
