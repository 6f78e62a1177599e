#pragma once

/// \file
/// Applications in tests: whole ones, on a clock that the test turns, with clients that need no network.
///
///     auto app = aerie::testing::create<ChatModule>()
///                    .override_provider<MessageStore>(fake_store)
///                    .override_layer<WsAuthGuard>(AllowAll{})
///                    .start();
///     auto client = app.connect("/chat", {{"token", token}});
///     auto const joined = client.emit_with_ack("join", JoinRoom{1});
///     app.advance(5s);
///     auto const args = client.expect_event("reminder");
///
/// Nothing here belongs to a test framework: what is not as expected throws aerie::testing::Failure.
/// https://docs.nestjs.com/fundamentals/testing
///
/// Thread contract: an application and all its clients belong to the thread that has made them. Nothing
/// happens but in calls of theirs, and always in the same order.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/application.hpp>
#include <aerie/gateway/overrides.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/testing/client.hpp>
#include <aerie/testing/failure.hpp>
#include <aerie/testing/http_client.hpp>
#include <aerie/testing/websocket.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

class Network;

/// A line of the application's log.
struct LogLine {
  /// How important it is.
  LogLevel level = LogLevel::info;
  /// The part that has written it.
  std::string component;
  /// What it says.
  std::string message;
};

/// An application under test. It has started, with its lifecycle hooks, but listens nowhere.
class AERIE_API Application {
 public:
  Application(Application&&) noexcept;
  Application& operator=(Application&&) noexcept;
  /// Closes it, with its lifecycle hooks, if the test has not.
  ~Application();

  /// A provider, gateway or controller: its public member functions can be called as they are.
  template <class T>
  T& get() {
    return application().get<T>();
  }
  /// A client that has connected to the namespace, or was refused (`Client::connect_error`). `auth` is what
  /// the official client sends with `io(url, {auth})`.
  Client connect(std::string_view nsp = "/", Object auth = {}, ConnectOptions options = {});
  /// A plain WebSocket, for applications with aerie::WsAdapter.
  WebSocket connect_websocket(std::string_view path = "/", Headers headers = {},
                              std::optional<std::uint16_t> port = {});
  /// Requests to its controllers.
  HttpClient http(std::optional<std::uint16_t> port = {});

  /// Lets time pass: whatever is due meanwhile happens in its order and at its time.
  void advance(core::Milliseconds by);
  /// Lets happen what can happen at the present time. Clients do so themselves.
  void run();
  /// Runs a task to its end and returns its result: `app.await(gateway.join(socket, request))`. Throws what
  /// it throws, and Failure if it waits for time to pass.
  template <class T>
  T await(Task<T> task) {
    // Kept by the task, too, which may go on when this has given up.
    auto const result = std::make_shared<std::optional<core::Outcome<T>>>();
    in_turn([&](core::Shard& shard) {
      core::start(std::move(task), shard.tasks(),
                  [result](core::Outcome<T>&& outcome) noexcept { result->emplace(std::move(outcome)); });
    });
    if (!*result) fail_to_end();
    return (*result)->take();
  }
  /// Closes it as `aerie::Application::close` does, and lets pass the time that this takes. Throws Failure if
  /// that is more than a minute.
  void close(std::string_view signal = {});

  /// The time of the application, which only `advance` moves.
  core::Clock const& clock() const noexcept;
  /// What it has logged, from level debug on.
  std::vector<LogLine> const& log() const noexcept;
  /// True if it has logged a line with this in it.
  bool has_logged(std::string_view part) const noexcept;
  /// The application itself.
  aerie::Application& application() const noexcept;

 private:
  friend class ApplicationBuilder;
  explicit Application(std::shared_ptr<Network> network);
  void in_turn(std::function<void(core::Shard&)> const& action);
  [[noreturn]] static void fail_to_end();

  std::shared_ptr<Network> network_;
};

/// What is to be different from the real application; see `create`.
class AERIE_API ApplicationBuilder {
 public:
  /// For the framework; callers use `testing::create`.
  explicit ApplicationBuilder(gateway::ModuleReference root) : root_(std::move(root)) {}

  /// Puts something in the place of a provider, in whichever module it is:
  ///
  ///     .override_provider<Store>(fake)                                  an object that outlives the
  ///     application .override_provider<Store>(FakeStore{})                           one that it keeps
  ///     .override_provider<Store>([](Clock& c) { return FakeStore(c); })    a factory, as in
  ///     Module::provides
  ///
  /// The start fails with gateway::StartError if no module provides a T.
  template <class T, class Replacement>
  ApplicationBuilder& override_provider(Replacement&& replacement) {
    using Plain = std::remove_cvref_t<Replacement>;
    if constexpr (!std::is_base_of_v<T, Plain>) {
      replacements_.provides<T>(std::forward<Replacement>(replacement));
    } else if constexpr (std::is_lvalue_reference_v<Replacement>) {
      replacements_.provides_reference<T>(replacement);
    } else {
      replacements_.provides<T>(
          [object = std::make_shared<Plain>(std::forward<Replacement>(replacement))] { return object; });
    }
    expects<T>();
    return *this;
  }
  /// Another class, built with what its constructor asks for.
  template <class T, class Implementation>
  ApplicationBuilder& override_provider() {
    replacements_.provides<T, Implementation>();
    expects<T>();
    return *this;
  }

  /// Puts a layer in the place of every guard, pipe, interceptor or filter of class L: one that is injected,
  /// or one that is given, in the forms of `override_provider`.
  template <class L, class Replacement>
  ApplicationBuilder& override_layer() {
    layers_[gateway::type_id<L>()] = gateway::layer_spec<Replacement>();
    return *this;
  }
  template <class L, class Replacement>
  ApplicationBuilder& override_layer(Replacement&& replacement) {
    using Plain = std::remove_cvref_t<Replacement>;
    std::shared_ptr<Plain> object;
    if constexpr (std::is_lvalue_reference_v<Replacement>) {
      object = std::shared_ptr<Plain>(std::shared_ptr<void>(), &replacement);
    } else {
      object = std::make_shared<Plain>(std::forward<Replacement>(replacement));
    }
    layers_[gateway::type_id<L>()] = {
        gateway::type_id<Plain>(), [object](gateway::Resolver&) { return gateway::detail::layer_of(object); },
        false, gateway::detail::kinds_of<Plain>};
    return *this;
  }

  /// What the real program's `main` does between `create` and `listen`: global layers, CORS, another adapter.
  ApplicationBuilder& configure(std::function<void(aerie::Application&)> configure) {
    configure_.push_back(std::move(configure));
    return *this;
  }
  /// Of its runtime `threads` counts: so many shards, all of them run by the test's thread.
  ApplicationBuilder& options(ApplicationOptions options) {
    options_ = std::move(options);
    return *this;
  }

  /// Builds and starts it. Throws what that throws, gateway::StartError for instance.
  Application start();

 private:
  template <class T>
  void expects() {
    configure([](aerie::Application& application) {
      if (!application.provides<T>()) static_cast<void>(application.get<T>());
    });
  }

  gateway::ModuleReference root_;
  Module replacements_;
  std::map<gateway::TypeId, gateway::LayerSpec> layers_;
  std::vector<std::function<void(aerie::Application&)>> configure_;
  ApplicationOptions options_;
};

/// Begins to describe an application under test.
template <class RootModule>
ApplicationBuilder create() {
  return ApplicationBuilder(gateway::module_reference<RootModule>());
}

}}}  // namespace aerie::v1::testing
