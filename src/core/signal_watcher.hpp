#pragma once

#include "core/system/signal_source.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <signal.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// Receives signals as events of a shard: a handler may then do whatever other handlers may, and
/// add another.
class SignalWatcher final : public Pollable {
 public:
  using Handler = std::function<void(int)>;

  explicit SignalWatcher(Shard& shard) noexcept : shard_(shard) {}
  /// Signals that are still pending go unheard; later ones mean what they did before.
  ~SignalWatcher() override;

  /// From now on `signals` are given to `handler`, and mean nothing else.
  void add(std::initializer_list<int> signals, Handler handler);
  void on_ready(std::uint32_t events) override;

 private:
  struct Listener {
    sigset_t signals;
    std::shared_ptr<Handler const> handler;
  };

  Shard& shard_;
  std::vector<Listener> listeners_;
  std::optional<SignalSource> source_;
};

}}}  // namespace aerie::v1::core
