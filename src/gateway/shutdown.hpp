#pragma once

/// \file
/// How an application closes: once, whoever asks for it how often.

#include <aerie/core/anchor.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/gateway/lifecycle.hpp>

#include <functional>
#include <initializer_list>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class ApplicationState;

/// Not ready any more, hooks, clients and ports, whatever still runs, the last hooks. No step is waited for
/// beyond `patience`, and none that fails or hangs keeps the others from theirs.
///
/// Thread contract: `begin` from any thread; the steps are taken on the first shard.
class Shutdown {
 public:
  struct Patience {
    core::Milliseconds drain_delay;
    core::Milliseconds drain_spread;
    core::Milliseconds step;
  };

  Shutdown(ApplicationState& application, Patience patience, bool stops_runtime);

  /// Closes the application, unless that has begun. `done` is called on the first shard when it is complete;
  /// if it is already, at once.
  void begin(std::string signal, std::function<void()> done);
  /// The first of these signals closes the application. The second one ends the process, saying what was
  /// still running.
  void watch(std::initializer_list<int> signals);

  /// How long each step is waited for.
  core::Milliseconds patience() const noexcept { return patience_; }

 private:
  void on_signal(int signal);
  Task<void> run();
  Task<void> call_hooks(std::string_view name, Hook LifecycleHooks::*member);
  Task<void> call_hook(Hook const& hook);
  Task<void> drain();
  Task<void> disconnect_clients();
  /// Has the adapter do something that tells when it has ended.
  Task<void> await_adapter(std::string_view what, core::Milliseconds patience,
                           UniqueFunction<void(std::function<void()>)> act);
  Task<void> wait_for_work(core::TimePoint deadline);
  void complete() noexcept;
  void tell(std::function<void()> const& done) const noexcept;
  /// "ChatGateway::join (2), 1 HTTP connection"; empty if nothing runs.
  std::string still_running() const;

  struct Ended {};
  /// Whether a step that `begin` starts, and which then replies, has ended within `patience`.
  Task<bool> ends_in_time(std::string const& step, core::Milliseconds patience,
                          std::function<void(core::Reply<Ended> const&)> const& begin);

  ApplicationState& application_;
  core::Milliseconds drain_delay_;
  core::Milliseconds drain_spread_;
  core::Milliseconds patience_;
  bool stops_runtime_;
  std::string signal_;
  /// What is being waited for besides handlers; empty: nothing.
  std::string step_;

  std::mutex mutex_;
  bool begun_ = false;
  bool complete_ = false;
  std::vector<std::function<void()>> done_;

  std::set<int> watched_;
  int signals_ = 0;

  core::Anchor anchor_;
  core::AnchorRef ref_;
  core::Question<Ended> step_ended_;
  core::TaskContext tasks_;
};

}}}  // namespace aerie::v1::gateway
