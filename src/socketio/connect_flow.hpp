#pragma once

#include <aerie/core/timing_wheel.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/namespace.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class Client;

/// One client on its way into one namespace: which one it is, whether the middlewares let it pass. Belongs to
/// the client's shard; `Next` and the answers of predicates come from any thread.
class ConnectFlow : public std::enable_shared_from_this<ConnectFlow> {
 public:
  ConnectFlow(Client& client, std::string name, std::string auth);
  ~ConnectFlow();

  std::string const& name() const noexcept { return name_; }
  void start();
  /// The middleware of that number has decided.
  void decided(std::size_t step, std::function<void(ConnectFlow&)> action);
  void pass();
  void refuse(std::string_view message, Value const& data);
  /// The client has gone, or the server gives up: nothing of this is wanted any more.
  void abandon();

 private:
  void try_parents(std::size_t index);
  void enter(std::shared_ptr<Namespace> nsp);
  void run_middleware();
  Middleware const* middleware(std::size_t index) const;
  void timed_out();
  void finish();
  Handshake handshake();

  Client* client_;
  core::Shard& shard_;
  std::string name_;
  std::string auth_;
  std::vector<ParentNamespace*> parents_;
  std::shared_ptr<Namespace> nsp_;
  std::shared_ptr<Socket> socket_;
  std::size_t step_ = 0;  // decisions so far; a decision for an earlier one comes too late
  std::size_t next_middleware_ = 0;
  bool waiting_ = false;
  core::Timer deadline_ = core::Timer::calling<&ConnectFlow::timed_out>(this);
};

}}}  // namespace aerie::v1::socketio
