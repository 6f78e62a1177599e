#pragma once

/// \file
/// Whether an application is alive and ready, for those who start it and send clients to it: Kubernetes, load
/// balancers, systemd.
///
///     app.use_health();                                  // GET /live and GET /ready
///
///     explicit Store(aerie::Health& health) {
///       health.add("database", [this] { return connected_ ? aerie::HealthReport{} :
///       aerie::HealthReport::down("..."); });
///     }
///
/// `/live` is 200 while every event loop turns: restart the process if it is not. `/ready` is 200 while
/// clients may be sent here, else 503, as while new ones are refused for lack of memory; its body says who is
/// not ready and why:
///
///     {"status":"degraded","parts":{"cluster":{"status":"degraded","reason":"..."},"database":{"status":"up"}}}

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace http {
class Server;
}

class Runtime;

/// How good a part is for clients.
enum class HealthState : std::uint8_t {
  up,
  degraded,  ///< It works, but not all of it: still good for clients.
  down,      ///< No clients should come here.
};

/// How one part stands.
struct AERIE_API HealthReport {
  /// How it stands.
  HealthState state = HealthState::up;
  /// Why it is not up.
  std::string reason{};

  /// It works, but not all of it.
  static HealthReport degraded(std::string reason) { return {HealthState::degraded, std::move(reason)}; }
  /// It does not work.
  static HealthReport down(std::string reason) { return {HealthState::down, std::move(reason)}; }
};

/// Where the health of an application is asked for.
struct HealthOptions {
  /// Says whether the process works: 200 as long as it answers.
  std::string live_path = "/live";
  /// Says whether clients should come here.
  std::string ready_path = "/ready";
  /// A port of their own, which also answers while the application starts and until it has ended; nothing:
  /// the application's.
  std::optional<std::uint16_t> port = std::nullopt;
  /// Where the own port listens; empty: where the application does.
  std::string host = {};
  /// Whether `/ready` is 200 while a part is degraded. True by default: what all instances have in common,
  /// such as a Redis that is down, would otherwise take all of them out.
  bool degraded_is_ready = true;
};

namespace gateway {

struct HealthPart {
  std::string name;
  HealthReport report;
};

class HealthEndpoints;

}  // namespace gateway

/// The parts of an application that its readiness depends on; every application provides one. Thread
/// contract: `add` while the application is being built and started; the checks are called on the first
/// shard, and should only look.
class AERIE_API Health {
 public:
  /// How the part stands now. It must not block.
  using Check = std::function<HealthReport()>;

  Health();
  ~Health();
  Health(Health const&) = delete;
  Health& operator=(Health const&) = delete;

  /// One more part; throws std::invalid_argument if there is one of that name, "memory" and
  /// "cluster..." among them. What `check` throws is
  /// reported, and the part is down.
  void add(std::string name, Check check);

 private:
  friend class gateway::HealthEndpoints;
  struct Parts;
  core::Owned<Parts> parts_;
};

}}  // namespace aerie::v1
