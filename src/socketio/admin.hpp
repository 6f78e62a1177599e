#pragma once

#include <aerie/core/log.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/task.hpp>
#include <aerie/engineio/packet.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/admin.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class ServerState;
class ShardNode;

/// What connections have done in each second since somebody asked. Thread-safe.
class AdminEvents {
 public:
  /// `detail` may be empty.
  void add(std::string_view type, std::string_view detail, std::uint64_t count, core::WallTime now);
  /// As the page wants them, and forgets them.
  Array take();

 private:
  struct Entry {
    std::int64_t second;
    std::string_view type;
    std::string detail;
    std::uint64_t count;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
};

/// Ids that stand for a password that was right. Thread-safe.
class AdminSessions {
 public:
  std::string open();
  bool has(std::string_view id) const;

 private:
  static constexpr std::size_t most = 1000;

  std::mutex mutable mutex_;
  std::vector<std::string> ids_;  // the oldest first
};

/// What the official Admin UI is told of a server, and what it may have done. Belongs to the server.
class Admin {
 public:
  /// Throws std::invalid_argument.
  Admin(ServerState& server, AdminOptions options);
  Admin(Admin const&) = delete;
  Admin& operator=(Admin const&) = delete;

 private:
  void guard();
  Task<void> check_password(Socket& socket);
  void serve_administrators();
  Task<void> welcome(Socket& socket);
  void watch_sessions(engineio::Server& engine);
  void watch(engineio::Session& session);
  void watch(Namespace& nsp);
  void entered(Socket& socket);
  void tell_of_transport(engineio::Session& session);
  void tell_statistics();
  void tell_of_data();
  Value serialized(Socket& socket) const;
  template <class... Ts>
  void tell(std::string_view event, Ts const&... args) const {
    if (is_heard()) nsp_->emit(event, args...);
  }
  bool is_heard() const noexcept;
  bool is_development() const noexcept { return mode_ == AdminMode::development; }
  Date now() const;
  std::shared_ptr<Namespace> find(Args const& args) const;

  ServerState& server_;
  AdminOptions options_;
  AdminMode mode_;
  std::string host_;
  std::string id_;
  Namespace* nsp_;
  core::TimePoint since_;
  AdminEvents mutable events_;
  AdminSessions sessions_;
  std::atomic<unsigned> checks_{0};  // of passwords, under way
  Scheduled statistics_;
};

/// Whether it has the form of a bcrypt hash.
bool is_bcrypt(std::string_view hash) noexcept;

}}}  // namespace aerie::v1::socketio
