#pragma once

/// \file
/// All connected sockets by id, so that a command finds the one it is about on whatever shard it lives.
/// Thread-safe.

#include <aerie/socketio/socket.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace conformance {

class SocketDirectory {
 public:
  void add(aerie::Socket& socket) {
    std::lock_guard const lock(mutex_);
    handles_.emplace(socket.id(), socket.handle());
  }
  void remove(std::string_view id) {
    std::lock_guard const lock(mutex_);
    if (auto const found = handles_.find(id); found != handles_.end()) handles_.erase(found);
  }
  std::optional<aerie::SocketHandle> find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    auto const found = handles_.find(id);
    return found == handles_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, aerie::SocketHandle, std::less<>> handles_;
};

}  // namespace conformance
