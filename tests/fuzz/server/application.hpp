#pragma once

/// \file
/// The application of a round: a Socket.IO server, routes of an HTTP server, and whatever users do in their
/// callbacks. They throw, leave, close what called them, answer late, twice or never, and keep what they are
/// given for ever.

#include "fuzz/server/random.hpp"

#include <aerie/aerie.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aerie::fuzz {

/// What callbacks have kept, as ways to use it. Outlives the application, the server and the runtime.
class Keepsakes {
 public:
  void keep(Random& random, std::function<void()> use);
  /// Uses one of them, wherever the caller is; what it throws is nobody's business.
  void use_one(Random& random) const;
  void clear() { kept_.clear(); }
  std::size_t size() const noexcept { return kept_.size(); }

 private:
  std::vector<std::function<void()>> kept_;
};

class Application {
 public:
  /// REQUIRES: all of them outlive it.
  Application(http::Server& http, Random& random, Keepsakes& keepsakes);

  Server& io() noexcept { return *io_; }
  /// Destroys the server. What callbacks refer to stays: they are users' and may be called as long as the
  /// HTTP server or the runtime is there.
  void destroy_server() { io_.reset(); }
  /// Something that an application does of its own accord, in a turn or between two.
  void act();
  bool has_closed() const noexcept { return has_closed_; }

 private:
  static ServerOptions options(Random& random, Application& application);
  void register_handlers();
  template <class Registering>
  void register_events(Registering& registering);
  void register_engine();
  void register_routes(http::Server& http);
  Namespace& random_namespace();

  /// What a user's callback may do before it returns, or throws. The socket may be null.
  void mischief(Socket* socket);
  void mischief_of_a_socket(Socket& socket);
  void mischief_of_the_server();
  void throw_something();
  /// Answers by `answer` now, now and later, later or never.
  void answer_somehow(std::function<void()> answer);
  Task<void> linger(SocketHandle handle);

  Random& random_;
  Keepsakes& keepsakes_;
  std::size_t depth_ = 0;
  bool has_closed_ = false;
  std::unique_ptr<Server> io_;
  Namespace* chat_ = nullptr;
};

}  // namespace aerie::fuzz
