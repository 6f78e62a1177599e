#pragma once

#include "socketio/event_metrics.hpp"
#include "socketio/local_member.hpp"
#include "socketio/namespace_registry.hpp"
#include "socketio/server_link.hpp"
#include "socketio/server_parsers.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/options.hpp>
#include <aerie/socketio/stats.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

struct AdminOptions;

namespace socketio {

class Admin;
class ClientBundle;
class RecoveryShared;
class ShardNode;

/// The life of a Socket.IO server: what it is made of, and how it begins and ends. Thread-safe where it says
/// so.
class ServerState {
 public:
  ServerState(Runtime& runtime, ServerOptions options);
  /// REQUIRES: the runtime does not run.
  ~ServerState();

  Runtime& runtime() const noexcept { return runtime_; }
  ServerOptions const& options() const noexcept { return options_; }
  /// See Server.
  void bind(engineio::Server& engine);
  void adopt(engineio::Session& session, bool is_bound = false);
  ServerStats stats() const;
  void measure();
  /// See aerie/socketio/admin.hpp.
  void instrument(AdminOptions options);
  void collect(core::MetricsPage& page) const;
  /// See ServerOptions::high_water_mark.
  std::size_t high_water_mark() const noexcept {
    constexpr std::size_t usual = 64 * 1024;
    return options_.high_water_mark.value_or(std::min(usual, options_.engine.outgoing_limit / 4));
  }
  engineio::Server& engine() noexcept { return *engine_; }
  NamespaceRegistry& namespaces() noexcept { return namespaces_; }
  /// Its place in a cluster of servers.
  LocalMember& member() noexcept { return *member_; }
  ServerLink const& link() const noexcept { return *link_; }
  ServerParsers const& parsers() const noexcept { return *parsers_; }
  ParserLimits const& parser_limits() const noexcept { return parser_limits_; }
  EventNames& event_names() noexcept { return event_names_; }
  /// Null if the server recovers no sessions.
  std::shared_ptr<RecoveryShared> const& recovery() const noexcept { return recovery_; }
  ShardNode& node(core::Shard const& shard) const noexcept { return link_->node(shard.index()); }

  void attach(http::Server& http);
  http::Server& own_http();
  http::Server* http() const noexcept { return http_; }
  /// Thread-safe.
  void close(std::function<void()> done);
  /// Runs the runtime until it is stopped, or until the server is closed and does not listen again.
  void run();
  void listening();

 private:
  void serve(engineio::Session& session);
  void require_same_runtime(Runtime const& other, std::string_view what) const;
  void open_adapter();
  void use_log(EventLog const& log);
  bool has_connections() const noexcept;
  bool has_handlers() const noexcept;
  Task<void> finish_closing(std::function<void()> done, core::TimePoint deadline);

  Runtime& runtime_;
  ServerOptions options_;
  std::unique_ptr<engineio::Server> engine_;
  std::shared_ptr<ServerParsers const> parsers_;
  ParserLimits parser_limits_;
  std::shared_ptr<RecoveryShared> recovery_;
  EventNames event_names_;
  std::vector<std::unique_ptr<ShardNode>> nodes_;
  std::unique_ptr<LocalMember> member_;
  std::shared_ptr<ServerLink const> link_;
  NamespaceRegistry namespaces_;
  std::unique_ptr<http::Server> own_http_;
  http::Server* http_ = nullptr;
  std::vector<engineio::Server*> bound_;
  std::unique_ptr<ClientBundle> bundle_;
  bool stops_when_closed_ = false;  // of the first shard
  std::unique_ptr<Admin> admin_;
};

}  // namespace socketio
}}  // namespace aerie::v1
