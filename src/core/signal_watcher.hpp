#pragma once

#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>

#include <functional>
#include <initializer_list>

namespace aerie { inline namespace v1 { namespace core {

/// Receives signals as events of a shard (signalfd): a handler may then do whatever other handlers may.
class SignalWatcher final : public Pollable {
 public:
  SignalWatcher(Shard& shard, std::initializer_list<int> signals, std::function<void(int)> handler);
  ~SignalWatcher() override;
  void on_ready(std::uint32_t events) override;

 private:
  Shard& shard_;
  std::function<void(int)> handler_;
  int descriptor_;
};

}}}  // namespace aerie::v1::core
