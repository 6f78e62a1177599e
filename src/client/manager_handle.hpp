#pragma once

#include "client/gate.hpp"

#include <aerie/client/listener.hpp>
#include <aerie/core/anchor.hpp>
#include <aerie/socketio/parser.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

class ManagerCore;
class OwnThread;
class SocketCore;

/// What handles of a manager and of its sockets share, on any thread and for ever.
class ManagerHandle {
 public:
  ManagerHandle(core::AnchorRef to, std::shared_ptr<Gate> through, std::shared_ptr<Parser const> by,
                std::uint32_t retry) noexcept
      : manager(std::move(to)), gate(std::move(through)), parser(std::move(by)), retries(retry) {}

  ListenerId next_listener() noexcept { return ++last_listener_; }

  core::AnchorRef const manager;
  /// There as long as the anchor holds.
  ManagerCore* core = nullptr;
  std::shared_ptr<Gate> const gate;
  std::shared_ptr<Parser const> const parser;
  std::uint32_t const retries;
  std::string nsp = "/";
  std::shared_ptr<OwnThread> own_thread = nullptr;

  /// The socket of a namespace; `make` makes it, which the manager is to know, unless there is one. Once the
  /// gate is closed none is kept.
  template <class Make>
  std::shared_ptr<SocketCore> socket(std::string const& nsp, Make make) {
    std::scoped_lock const lock(mutex_);
    if (auto const found = sockets_.find(nsp); found != sockets_.end()) return found->second;
    std::shared_ptr<SocketCore> made = make();
    if (!gate->closed()) sockets_.emplace(nsp, made);
    return made;
  }
  /// REQUIRES: the gate is closed. They keep this.
  void forget_sockets() {
    std::unique_lock lock(mutex_);
    auto const sockets = std::exchange(sockets_, {});
    lock.unlock();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<SocketCore>, std::less<>> sockets_;
  std::atomic<ListenerId> last_listener_{0};
};

}}}  // namespace aerie::v1::client
