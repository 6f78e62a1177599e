#pragma once

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <signal.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// Receives signals as events of a shard (signalfd): a handler may then do whatever other handlers may, and
/// add another.
class SignalWatcher final : public Pollable {
 public:
  using Handler = std::function<void(int)>;

  explicit SignalWatcher(Shard& shard);
  /// Unblocks what it has blocked; signals that are still pending go unheard.
  ~SignalWatcher() override;

  /// From now on `signals` are blocked in this thread and given to `handler`.
  void add(std::initializer_list<int> signals, Handler handler);
  void on_ready(std::uint32_t events) override;

 private:
  struct Listener {
    sigset_t signals;
    std::shared_ptr<Handler const> handler;
  };

  int next_signal() noexcept;

  Shard& shard_;
  std::vector<Listener> listeners_;
  sigset_t watched_;
  sigset_t blocked_;  // of these, what was not blocked before
  int descriptor_ = -1;
};

}}}  // namespace aerie::v1::core
