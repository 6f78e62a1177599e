#pragma once

/// \file
/// Tells everybody in a channel how many they are.

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/namespace.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace chat {

/// One thread counts and tells for all: numbers that several threads had counted could arrive in another
/// order, and the last to arrive would stay. Thread-safe.
class ChannelCensus {
 public:
  explicit ChannelCensus(aerie::Runtime& runtime) : runtime_(runtime) {}

  /// Somebody has come or gone. Several changes at about the same time are told once.
  void changed(aerie::Namespace& channel);

 private:
  aerie::Task<void> tell_soon();

  aerie::Runtime& runtime_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<aerie::Namespace>, std::less<>> changed_;
};

}  // namespace chat
