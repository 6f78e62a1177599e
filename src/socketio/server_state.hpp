#pragma once

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/bus.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/options.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class ClientBundle;
class ShardNode;

/// What the parts of a Socket.IO server share. Thread-safe where it says so.
class ServerState {
 public:
  ServerState(Runtime& runtime, ServerOptions options);
  ~ServerState();

  Runtime& runtime() const noexcept { return runtime_; }
  ServerOptions const& options() const noexcept { return options_; }
  engineio::Server& engine() noexcept { return *engine_; }
  Bus& bus() const noexcept { return *bus_; }
  /// True if the bus reaches no other process.
  bool bus_is_local() const noexcept { return true; }
  ShardNode& node(core::Shard const& shard) const noexcept;
  std::size_t node_count() const noexcept { return nodes_.size(); }
  /// The node of the shard whose turn this is; null on other threads.
  ShardNode* current_node() const noexcept;

  // --- The registry of namespaces. Thread-safe.
  std::shared_ptr<Namespace> find(std::string_view name) const;
  std::shared_ptr<Namespace> create(std::string_view name, ParentNamespace* parent);
  ParentNamespace& add_parent(ParentNamespace::Predicate predicate,
                              std::function<bool(std::string_view)> adopts);
  std::vector<std::shared_ptr<Namespace>> all() const;
  std::vector<std::shared_ptr<Namespace>> children(HandlerSet const& parent) const;
  /// Parents in the order of their creation. They live as long as the server.
  std::vector<ParentNamespace*> parents() const;
  /// Counts a socket in, so that the namespace stays; null if there is none of that name.
  std::shared_ptr<Namespace> acquire(std::string_view name, ParentNamespace* parent);
  void release(Namespace& nsp);
  void on_new_namespace(std::function<void(Namespace&)> listener) {
    new_namespace_.push_back(std::move(listener));
  }

  // --- Life
  void attach(http::Server& http);
  http::Server& own_http();
  http::Server* http() const noexcept { return http_; }
  void close(std::function<void()> done);
  /// Runs the runtime until it is stopped, or until the server is closed and does not listen again.
  void run();
  void listening() noexcept { engine_->reopen(); }

 private:
  struct Parent {
    std::unique_ptr<ParentNamespace> nsp;
    std::function<bool(std::string_view)> adopts;
  };

  std::shared_ptr<Namespace> create_locked(std::string_view name, ParentNamespace* parent);
  void close_shard(ShardNode& node) const;
  bool has_connections() const noexcept;
  Task<void> finish_closing(std::function<void()> done);

  Runtime& runtime_;
  ServerOptions options_;
  std::unique_ptr<engineio::Server> engine_;
  std::unique_ptr<Bus> bus_;
  std::vector<std::unique_ptr<ShardNode>> nodes_;
  std::mutex mutable mutex_;
  std::map<std::string, std::shared_ptr<Namespace>, std::less<>> namespaces_;
  std::vector<Parent> parents_;
  std::vector<std::function<void(Namespace&)>> new_namespace_;
  std::unique_ptr<http::Server> own_http_;
  http::Server* http_ = nullptr;
  std::unique_ptr<ClientBundle> bundle_;
  bool stops_when_closed_ = false;  // of the first shard
};

}}}  // namespace aerie::v1::socketio
