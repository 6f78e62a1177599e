#include "life/life_server.hpp"

#include "life/life_module.hpp"
#include "shared/adapters.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace reference::life {

using namespace std::chrono_literals;

LifeServer::LifeServer(std::uint16_t port, unsigned threads) : port_(port), threads_(threads) {
  std::promise<void> promise;
  auto started = promise.get_future();
  thread_ = std::thread(&LifeServer::run, this, std::move(promise));
  try {
    started.get();
  } catch (...) {
    thread_.join();
    throw;
  }
}

LifeServer::~LifeServer() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    if (current_ != nullptr) current_->close();
  }
  changed_.notify_all();
  thread_.join();
}

void LifeServer::run(std::promise<void> started) {
  try {
    serve_once(&started);
  } catch (...) {
    return started.set_exception(std::current_exception());
  }
  while (rest())
    serve_once(nullptr);
}

void LifeServer::serve_once(std::promise<void>* started) {
  auto application = aerie::Application::create<LifeModule>(
      {.runtime = {.threads = threads_, .log_level = aerie::LogLevel::warning}});
  application.use_websocket_adapter<OfficialAdapter>();
  application.get<Shutdown>().closes_with([&application] { application.close(); });
  application.listen(port_, "127.0.0.1");
  if (started != nullptr) started->set_value();
  if (set_current(&application)) application.run();
  set_current(nullptr);
}

bool LifeServer::set_current(aerie::Application* application) {
  std::lock_guard const lock(mutex_);
  current_ = application;
  return !stopping_;
}

bool LifeServer::rest() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, 100ms, [this] { return stopping_; });
}

}  // namespace reference::life
