#pragma once

#include "socketio/shard_recovery.hpp"

#include <aerie/core/account.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/trace.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/namespace.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class Client;
enum class EntryRefusal : std::uint8_t;

/// One client on its way into one namespace: which one it is, whether the middlewares let it pass. Belongs to
/// the client's shard, and to the client, which retires it.
class ConnectFlow {
 public:
  ConnectFlow(Client& client, std::string name, std::string auth);
  ~ConnectFlow();

  std::string const& name() const noexcept { return name_; }
  std::size_t auth_size() const noexcept { return auth_size_; }
  void start();
  /// The client has gone, or the server gives up: nothing of this is wanted any more.
  void abandon();

 private:
  /// To be asked after whatever may run a user's code: that may end the client.
  bool is_abandoned() const noexcept { return client_ == nullptr; }
  bool enter(ParentNamespace* parent);
  void ask_parent(std::size_t index);
  void join(std::shared_ptr<Namespace> nsp);
  void restore(std::shared_ptr<Namespace> nsp);
  void claim();
  void go_on(ClaimedSession claimed);
  void make_socket(Namespace& nsp, std::string_view id);
  std::shared_ptr<Middleware const> next_middleware();
  void ask_middleware();
  void finish();
  void refuse(EntryRefusal why, std::string_view message, std::optional<Value> const& data = {});
  void begin_span();
  core::Milliseconds time_left() const;
  Handshake handshake();

  Client* client_;
  core::Shard& shard_;
  std::string name_;
  std::string auth_;
  std::size_t auth_size_;
  core::Charge charge_;
  core::TimePoint deadline_;  // of everything that is asked
  std::vector<ParentNamespace*> parents_;
  std::shared_ptr<Socket> socket_;
  ListenerList<Middleware const>::Snapshot of_parent_;
  ListenerList<Middleware const>::Snapshot of_namespace_;
  std::size_t asked_ = 0;                 // middlewares
  std::shared_ptr<Namespace> restoring_;  // while its session is asked for
  ClaimedSession claimed_;
  core::SpanHold span_;                  // if it is traced, as the next one
  std::unique_ptr<TraceContext> trace_;  // what the client says it is part of
  core::Question<bool> namespace_;
  core::Question<ClaimedSession> session_;
  core::Question<Verdict> entry_;
};

}}}  // namespace aerie::v1::socketio
