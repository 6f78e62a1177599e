#pragma once

#include <aerie/gateway/gateways.hpp>

#include <condition_variable>
#include <cstdint>
#include <future>
#include <mutex>
#include <thread>

namespace reference::life {

/// An application that is started anew on the same port whenever a client has closed it. It has a thread and
/// a runtime of its own, so that it can be destroyed while the other applications run.
class LifeServer {
 public:
  /// Returns when it listens; throws what keeps it from that.
  LifeServer(std::uint16_t port, unsigned threads);
  ~LifeServer();
  LifeServer(LifeServer const&) = delete;
  LifeServer& operator=(LifeServer const&) = delete;

 private:
  void run(std::promise<void> started);
  void serve_once(std::promise<void>* started);
  /// False if it is to stop.
  bool set_current(aerie::Application* application);
  bool rest();

  std::uint16_t port_;
  unsigned threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  aerie::Application* current_ = nullptr;
  std::thread thread_;
};

}  // namespace reference::life
