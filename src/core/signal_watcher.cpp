#include "core/signal_watcher.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

SignalWatcher::~SignalWatcher() {
  if (source_) shard_.forget(source_->descriptor());
}

void SignalWatcher::add(std::initializer_list<int> signals, Handler handler) {
  Listener listener{{}, std::make_shared<Handler const>(std::move(handler))};
  sigemptyset(&listener.signals);
  for (int const signal : signals) {
    if (sigaddset(&listener.signals, signal) == 0) continue;
    throw std::invalid_argument(
        concat("aerie: Runtime::on_signal: ", std::to_string(signal), " is not a signal"));
  }
  auto const is_first = !source_;
  if (is_first) source_.emplace();
  try {
    if (is_first) shard_.watch(source_->descriptor(), Readiness::read | Readiness::once, *this);
  } catch (...) {
    source_.reset();
    throw;
  }
  // Until it is sure that they are heard, they keep their old meaning.
  listeners_.reserve(listeners_.size() + 1);
  source_->add(listener.signals);
  listeners_.push_back(std::move(listener));
}

void SignalWatcher::on_ready(std::uint32_t) {
  while (auto const signal = source_->next()) {
    // What a handler adds is for the next signal.
    auto const listeners = listeners_;
    for (auto const& listener : listeners) {
      if (sigismember(&listener.signals, signal) != 1) continue;
      call_user(shard_.runtime().log(), {"core", "a handler", "a signal"}, *listener.handler, signal);
    }
  }
}

}}}  // namespace aerie::v1::core
