#include "gateway/shutdown.hpp"

#include "gateway/application_state.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/user_code.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

constexpr std::string_view component = "gateway";
/// How often it is looked whether the last handler has ended.
constexpr core::Milliseconds glance{1};

std::string signal_name(int signal) {
  auto const* const name = sigabbrev_np(signal);
  return name == nullptr ? std::to_string(signal) : core::concat("SIG", name);
}

/// By the signal itself, so that whoever has started the process sees what has ended it.
[[noreturn]] void end_process(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  std::raise(signal);
  // One that is ignored by default.
  std::_Exit(EXIT_FAILURE);
}

void append(std::string& list, std::string_view name, std::size_t count) {
  if (!list.empty()) list.append(", ");
  list.append(name);
  if (count > 1) list += core::concat(" (", std::to_string(count), ")");
}

void append_number(std::string& list, std::size_t count, std::string_view what) {
  if (count == 0) return;
  append(list, core::concat(std::to_string(count), " ", what, count == 1 ? "" : "s"), 1);
}

}  // namespace

Shutdown::Shutdown(ApplicationState& application, Patience patience, bool stops_runtime)
    : application_(application),
      drain_delay_(patience.drain_delay),
      drain_spread_(patience.drain_spread),
      patience_(patience.step),
      stops_runtime_(stops_runtime),
      anchor_(application.runtime().shard(0)),
      ref_(anchor_.ref()),
      step_ended_(anchor_.shard()),
      tasks_(anchor_.shard()) {}

void Shutdown::begin(std::string signal, std::function<void()> done) {
  {
    std::unique_lock lock(mutex_);
    if (complete_) {
      lock.unlock();
      // Nobody turns an own runtime any more.
      if (stops_runtime_) return tell(done);
      ref_.run([this, done] { tell(done); });
      return;
    }
    if (done) done_.push_back(std::move(done));
    if (std::exchange(begun_, true)) return;
  }
  application_.health().enter(HealthEndpoints::Phase::draining);
  ref_.post([this, signal = std::move(signal)]() mutable {
    signal_ = std::move(signal);
    core::start(run(), tasks_, [this](core::Outcome<void>&&) noexcept { complete(); });
  });
}

void Shutdown::tell(std::function<void()> const& done) const noexcept {
  if (done) core::call_user(application_.runtime().log(), {component, "the callback of close"}, done);
}

void Shutdown::complete() noexcept {
  std::vector<std::function<void()>> done;
  {
    std::scoped_lock const lock(mutex_);
    complete_ = true;
    done.swap(done_);
  }
  for (auto const& each : done)
    tell(each);
  if (stops_runtime_) application_.runtime().stop();
}

// --- The steps

Task<void> Shutdown::run() {
  co_await call_hooks("on_module_destroy", &LifecycleHooks::module_destroy);
  co_await call_hooks("before_application_shutdown", &LifecycleHooks::before_shutdown);
  co_await drain();
  auto const deadline = application_.runtime().clock().now() + patience_;
  co_await disconnect_clients();
  co_await wait_for_work(deadline);
  co_await call_hooks("on_application_shutdown", &LifecycleHooks::shutdown);
  application_.health().close();
  application_.metrics().close();
}

Task<void> Shutdown::drain() {
  if (drain_delay_.count() > 0) co_await sleep_for(drain_delay_);
  if (drain_spread_.count() == 0) co_return;
  auto& adapter = application_.adapter();
  // The last one leaves before the time is over; what it still runs is waited for later.
  co_await await_adapter("drain", drain_spread_ + patience_,
                         [this, &adapter](auto done) { adapter.drain(drain_spread_, std::move(done)); });
}

Task<void> Shutdown::call_hooks(std::string_view name, Hook LifecycleHooks::*member) {
  auto const& log = application_.runtime().log();
  // Who needs others is told before them.
  auto all = application_.hooks();
  std::ranges::reverse(all);
  for (auto const& [type, hooks] : all) {
    auto const& hook = hooks->*member;
    if (!hook) continue;
    auto const step = core::concat(type->name, "::", name);
    auto const begin = [&](core::Reply<Ended> const& reply) {
      core::start(call_hook(hook), tasks_, [&log, reply, step](core::Outcome<void>&& outcome) noexcept {
        if (!outcome) core::report_exception(log, {component, "the lifecycle hook", step}, outcome.error());
        reply({});
      });
    };
    auto const ended = co_await ends_in_time(step, patience_, begin);
    if (!ended) {
      log.warning(component, core::concat("the lifecycle hook ", step, " has not ended in ",
                                          std::to_string(patience_.count()),
                                          " ms (ApplicationOptions::shutdown_timeout); closing goes on"));
    }
  }
}

Task<void> Shutdown::call_hook(Hook const& hook) {
  co_await hook(signal_);
}

Task<void> Shutdown::disconnect_clients() {
  application_.http().stop_listening();
  auto& adapter = application_.adapter();
  co_await await_adapter("close", patience_, [&adapter](auto done) { adapter.close(std::move(done)); });
  application_.http().close();
}

Task<void> Shutdown::await_adapter(std::string_view what, core::Milliseconds patience,
                                   UniqueFunction<void(std::function<void()>)> act) {
  auto const& log = application_.runtime().log();
  auto const step = core::concat("the WebSocket adapter's ", what);
  auto const begin = [&](core::Reply<Ended> const& reply) {
    auto const called = core::call_user(log, {component, what, "the WebSocket adapter"},
                                        [&] { act([reply] { reply({}); }); });
    if (!called) reply({});
  };
  auto const ended = co_await ends_in_time(step, patience, begin);
  if (!ended) log.warning(component, core::concat(step, " has not ended in time; closing goes on"));
}

Task<bool> Shutdown::ends_in_time(std::string const& step, core::Milliseconds patience,
                                  std::function<void(core::Reply<Ended> const&)> const& begin) {
  step_ = step;
  core::Completion<bool> ended;
  begin(step_ended_.ask(patience, [give = ended.completer()](std::optional<Ended> in_time) mutable {
    give(in_time.has_value());
  }));
  auto const in_time = co_await ended;
  step_.clear();
  co_return in_time;
}

Task<void> Shutdown::wait_for_work(core::TimePoint deadline) {
  auto const& runtime = application_.runtime();
  while (!still_running().empty()) {
    if (runtime.clock().now() >= deadline) {
      runtime.log().warning(
          component,
          core::concat("closing without what is still running after ", std::to_string(patience_.count()),
                       " ms (ApplicationOptions::shutdown_timeout): ", still_running()));
      co_return;
    }
    co_await sleep_for(glance);
  }
}

std::string Shutdown::still_running() const {
  std::string list;
  if (!step_.empty()) append(list, step_, 1);
  std::size_t controllers = 0;
  application_.for_each_route([&](Route const& route, ContextType type) {
    auto const count = route.under_way.count();
    if (count > 0) append(list, core::concat(route.class_name, "::", route.handler->name), count);
    if (type == ContextType::http) controllers += count;
  });
  auto const& http = application_.http();
  // Those of controllers have names already.
  append_number(list, http.requests() - std::min(http.requests(), controllers), "HTTP request");
  append_number(list, http.connections(), "HTTP connection");
  return list;
}

// --- Signals

void Shutdown::watch(std::initializer_list<int> signals) {
  auto const received = [this, ref = ref_](int signal) {
    if (ref.here() != nullptr) on_signal(signal);
  };
  auto& runtime = application_.runtime();
  if (watched_.empty()) {
    watched_ = signals;
    return runtime.on_signal(signals, received);
  }
  // Each is received once, however often it was asked for.
  for (auto const signal : signals)
    if (watched_.insert(signal).second) runtime.on_signal({signal}, received);
}

void Shutdown::on_signal(int signal) {
  auto const& log = application_.runtime().log();
  auto const name = signal_name(signal);
  if (++signals_ == 1) {
    log.info(component, core::concat("closing on ", name, "; a second signal ends the process at once"));
    return begin(name, {});
  }
  auto const running = still_running();
  log.warning(component, core::concat("ending at once on a second signal, ", name,
                                      "; still running: ", running.empty() ? "nothing" : running));
  end_process(signal);
}

}}}  // namespace aerie::v1::gateway
