#pragma once

/// \file
/// What `GET /live` and `GET /ready` say.

#include <aerie/core/anchor.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/mailbox.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/health.hpp>
#include <aerie/http/server.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// Thread contract: set up and told of the application's phases on the thread that starts it, or on the first
/// shard; requests are answered on the shard of their connection.
class HealthEndpoints {
 public:
  enum class Phase : std::uint8_t { starting, ready, draining };
  using OtherParts = std::function<std::vector<HealthPart>()>;

  /// `others`: parts besides those that were added.
  HealthEndpoints(Runtime& runtime, OtherParts others);

  Health& health() noexcept { return health_; }
  /// Serves the paths on `application`, or on a port of their own once that listens. Throws StartError for
  /// paths that cannot be.
  void serve(HealthOptions options, http::Server& application);
  /// The same paths on another server as well. Throws std::invalid_argument if one is taken.
  void serve_also_on(http::Server& server);
  /// The port of their own listens, if there is one.
  void listen(std::string const& host);
  void enter(Phase phase) noexcept { phase_.store(phase, std::memory_order_release); }
  /// Nothing is answered any more.
  void close();
  http::Server* own_server() const noexcept { return own_.get(); }

 private:
  struct Document {
    int status;
    std::string json;
  };

  Task<http::Response> live();
  /// `verbose`: part by part, as Terminus does.
  Task<http::Response> ready(bool verbose);
  Document readiness(bool verbose) const;
  HealthReport check(std::string const& name, Health::Check const& check) const;

  Runtime& runtime_;
  OtherParts others_;
  Health health_;
  HealthOptions options_;
  std::unique_ptr<http::Server> own_;
  std::atomic<Phase> phase_{Phase::starting};
};

}}}  // namespace aerie::v1::gateway
