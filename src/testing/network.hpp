#pragma once

/// \file
/// What replaces the network between an application under test and its clients: one thread, one clock, and
/// connections in memory.

#include <aerie/core/clock.hpp>
#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/gateway/application.hpp>
#include <aerie/http/server.hpp>
#include <aerie/testing/application.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

/// A client's end of something, which is looked at whenever the server has run.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  /// Reads what has arrived; true if it has sent something in turn.
  virtual bool pump() = 0;
};

class Network : public std::enable_shared_from_this<Network> {
 public:
  Network(gateway::ModuleReference const& root, ApplicationOptions options, gateway::Overrides overrides);
  ~Network();

  /// Throws what a test's own code has thrown in a client's turn.
  void run();
  void advance(core::Milliseconds by);
  /// Starts the application. A hook that waits for a time has it. One that waits for something else, such as
  /// blocking work, is waited for `patience` times 50 ms; then a Failure is thrown.
  void start(int patience = 200);
  void close(std::string_view signal);
  /// Ends the application; clients live on without anybody to talk to.
  void shut_down() noexcept;

  /// A connection to the application's server, or to that of a gateway's own port. Throws Failure if there is
  /// none.
  core::MemoryClient connect(std::optional<std::uint16_t> port);
  void add(std::shared_ptr<Endpoint> const& endpoint) { endpoints_.push_back(endpoint); }

  /// Throws Failure if nobody listens there.
  void require_server(std::optional<std::uint16_t> port) { static_cast<void>(server(port)); }
  /// Calls a test's own code, in a turn of the clients'. What it throws comes out of `run`.
  template <class F>
  void call_test(F&& function) noexcept {
    try {
      function();
    } catch (...) {
      if (!failure_) failure_ = std::current_exception();
    }
  }

  Runtime& runtime() noexcept { return runtime_; }
  /// Where clients live, which the application knows nothing of. Its clock is the application's.
  Runtime& clients();
  core::Clock const& clock() const noexcept { return clock_; }
  std::vector<LogLine> const& log() const noexcept { return log_; }
  /// REQUIRES: not shut down.
  aerie::Application& application() noexcept { return *application_; }

 private:
  RuntimeOptions runtime_options(RuntimeOptions options);
  http::Server& server(std::optional<std::uint16_t> port);
  void settle();
  void run_clients();
  bool pump();
  std::optional<core::TimePoint> next_timer();

  core::ManualClock clock_;
  std::vector<LogLine> log_;
  Runtime runtime_;
  std::optional<aerie::Application> application_;
  std::optional<Runtime> clients_;
  std::vector<std::weak_ptr<Endpoint>> endpoints_;
  std::exception_ptr failure_;
  std::size_t next_shard_ = 0;
  bool is_closed_ = false;
  bool running_ = false;
  bool sent_meanwhile_ = false;
};

}}}  // namespace aerie::v1::testing
