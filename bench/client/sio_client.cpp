// What socket.io-client-cpp costs: the words and the line of aerie_client.cpp. It is built by measure.py
// where that is told of a copy of it, and by nothing else. Each of its clients has a thread.
#include "meter.hpp"

#include <sio_client.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

constexpr int burst = 1000;
constexpr int opened_at_once = 50;
char const* const text = "the text of an echo, of forty characters";

[[noreturn]] void fail(std::string const& why) {
  std::cerr << "sio_client: " << why << std::endl;
  _exit(1);
}

class Bench {
 public:
  Bench(std::string url, int count, int parameter)
      : url_(std::move(url)), count_(count), parameter_(parameter) {}

  bool run(std::string const& mode) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (mode == "echo" || mode == "receive") {
      open();
      changed_.wait(lock, [this] { return opened_ == 1; });
      auto const socket = clients_.front()->socket();
      lock.unlock();
      meter_.begin();
      if (mode == "echo") {
        for (int i = 0; i < parameter_; ++i)
          send_one(*socket);
      } else {
        receive(*socket);
      }
      lock.lock();
      changed_.wait(lock, [this] { return is_over_; });
    } else if (mode == "connect") {
      meter_.begin();
      for (int i = 1; i <= count_; ++i) {
        open();
        changed_.wait(lock, [&] { return opened_ == i; });
      }
      done_ = count_;
      end_locked();
    } else if (mode == "hold") {
      meter_.note_memory();
      meter_.begin();
      for (int i = 0; i < count_; ++i) {
        changed_.wait(lock, [&] { return i - opened_ < opened_at_once; });
        open();
      }
      changed_.wait(lock, [this] { return opened_ == count_; });
      done_ = count_;
      end_locked();
    } else {
      return false;
    }
    meter_.report(done_);
    return true;
  }

 private:
  void open() {
    clients_.push_back(std::unique_ptr<sio::client>(new sio::client));
    auto& client = *clients_.back();
    client.set_logs_quiet();
    client.set_reconnect_attempts(0);
    client.set_socket_open_listener([this](std::string const&) {
      std::lock_guard<std::mutex> const guard(mutex_);
      ++opened_;
      changed_.notify_all();
    });
    client.set_fail_listener([] { fail("cannot connect"); });
    client.connect(url_);
  }

  void send_one(sio::socket& socket) {
    if (sent_ >= count_) return;
    sio::message::list arguments(std::string{text});
    arguments.push(sio::int_message::create(++sent_));
    socket.emit("echo", arguments, [this, &socket](sio::message::list const&) {
      if (++done_ == count_) return end();
      send_one(socket);
    });
  }

  void receive(sio::socket& socket) {
    auto const ask = [this, &socket] {
      sio::message::list arguments(sio::int_message::create(burst));
      arguments.push(sio::int_message::create(parameter_));
      socket.emit("count", arguments);
    };
    socket.on("count", sio::socket::event_listener([this, ask](sio::event& event) {
                auto const& payload = event.get_messages()[1]->get_string();
                if (payload.size() != static_cast<std::size_t>(parameter_))
                  fail("another event than was asked for");
                if (++done_ == count_) return end();
                if (done_ % burst == 0) ask();
              }));
    ask();
  }

  void end() {
    std::lock_guard<std::mutex> const guard(mutex_);
    end_locked();
  }
  void end_locked() {
    meter_.end();
    is_over_ = true;
    changed_.notify_all();
  }

  std::string const url_;
  int const count_;
  int const parameter_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<sio::client>> clients_;
  std::atomic<int> sent_{0};
  std::atomic<int> done_{0};
  int opened_ = 0;
  Meter meter_;
  bool is_over_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  auto* const bench = new Bench(argv[1], std::stoi(argv[3]), argc > 4 ? std::stoi(argv[4]) : 0);
  // Its clients' destructors wait for their threads, which is not what is measured.
  _exit(bench->run(argv[2]) ? 0 : 2);
}
