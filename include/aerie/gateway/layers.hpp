#pragma once

/// \file
/// Layers: what a message passes on its way to a handler and back. A class is one by what it can do:
///
///     bool can_activate(ExecutionContext&)                       a guard; or Task<bool>, Generator<bool>
///     Reply intercept(ExecutionContext&, CallHandler&)           an interceptor; or Task<Reply>
///     Value transform(Value, ArgumentInfo const&)                a pipe; or Task<Value>
///     void on_exception(SomeError const&, ExecutionContext&)     an exception filter; or Task<void>
///
/// Guards run first, then interceptors from the outside in, then pipes, then the handler. Filters stand
/// around all of it. https://docs.nestjs.com/faq/request-lifecycle

#include <aerie/core/api.hpp>
#include <aerie/core/generator.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/reply.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 {

/// Where a value comes from that a pipe is given.
enum class ArgumentSource : std::uint8_t { body, query, param, header, custom };

/// The version of NestJS whose answers clients are used to, where two versions differ in what a client sees
/// (`ApplicationOptions::nestjs_compatibility`). What differs is in docs/nestjs.md.
enum class NestjsVersion : std::uint8_t { v11 = 11, v12 = 12 };

/// What a pipe knows of the parameter that its value is for.
struct ArgumentInfo {
  /// Where the value comes from.
  ArgumentSource source = ArgumentSource::body;
  /// The property, query or path parameter; empty for a whole payload.
  std::string_view name = {};
  /// The type that the parameter wants, whatever it is; null where nobody knows.
  TypeOps const* type = nullptr;
  /// Whether a message or a request is being handled.
  ContextType context = ContextType::ws;
  /// Which of the message's arguments it is, where a handler takes them apart.
  std::optional<std::size_t> argument = std::nullopt;
  /// The application's.
  NestjsVersion nestjs = NestjsVersion::v12;
};

/// Returned by a pipe that has made sure that the value fits the type of its parameter; the last pipe counts.
/// See Payload::is_transformed.
struct Transformed {
  /// The value as it is to go on.
  explicit Transformed(Value plain) : value(std::move(plain)) {}
  /// What it has become.
  Value value;
};

/// The rest of the way: the interceptors behind this one, the pipes and the handler.
class AERIE_API CallHandler {
 public:
  /// For the framework: what is left from layer `next` on.
  CallHandler(ExecutionContext& context, std::size_t next) : context_(context), next_(next) {}
  /// Runs it. Called once at most; never for an answer from a cache.
  Task<Reply> operator()();

 private:
  ExecutionContext& context_;
  std::size_t next_;
};

namespace gateway {

/// A result that may have to be waited for.
template <class T>
using MaybeTask = std::variant<T, Task<T>>;

class Guard {
 public:
  virtual ~Guard() = default;
  virtual MaybeTask<bool> can_activate(ExecutionContext& context) = 0;
  /// Whether it may answer later: what it has seen of a message is then kept for it.
  virtual bool may_wait() const noexcept { return true; }
};

class Interceptor {
 public:
  virtual ~Interceptor() = default;
  virtual Task<Reply> intercept(ExecutionContext& context, CallHandler& next) = 0;
};

/// What a pipe may return.
using PipeResult = std::variant<Value, Transformed, Task<Value>>;

class Pipe {
 public:
  virtual ~Pipe() = default;
  virtual PipeResult transform(Value value, ArgumentInfo const& info) = 0;
  /// Whether `transform` would find nothing wrong with a value that came as this JSON text, and change
  /// nothing that its type sees: then the type is read from the text. Where that cannot be told, false.
  virtual bool passes(std::string_view /*json*/, ArgumentInfo const& /*info*/) const { return false; }
  /// As that of a guard.
  virtual bool may_wait() const noexcept { return true; }
  /// Whether values keep their kind: what it is given as a text, it hands on as a text.
  virtual bool only_checks() const noexcept { return false; }
};

class Filter {
 public:
  virtual ~Filter() = default;
  /// False if the error is not of the filter's type.
  virtual Task<bool> handle(std::exception_ptr error, ExecutionContext& context) = 0;
  /// As that of a guard.
  virtual bool may_wait() const noexcept { return true; }
};

/// One layer; at least one of these is set. They share one object.
struct Layer {
  std::shared_ptr<Guard> guard;
  std::shared_ptr<Interceptor> interceptor;
  std::shared_ptr<Pipe> pipe;
  std::shared_ptr<Filter> filter;
  /// Each client has one of its own.
  bool is_per_connection = false;
};

/// What a class of layers can do.
struct LayerKinds {
  bool guard = false;
  bool interceptor = false;
  bool pipe = false;
  bool filter = false;
};

/// How to make a layer when the application starts.
struct LayerSpec {
  TypeId type = nullptr;
  std::function<Layer(Resolver&)> make;
  /// Also guards connections.
  bool on_connection = false;
  LayerKinds kinds{};
};

using Layers = std::vector<LayerSpec>;

/// Makes the layer, or what a test has put in its place.
AERIE_API Layer make_layer(LayerSpec const& spec, Resolver& resolver);

// --- Which kinds a class is

namespace detail {

template <class T>
concept IsGuard = requires(T& layer, ExecutionContext& context) {
  layer.can_activate(context);
};
template <class T>
concept IsInterceptor = requires(T& layer, ExecutionContext& context, CallHandler& next) {
  layer.intercept(context, next);
};
template <class T>
concept IsPipe = requires(T& layer, Value value, ArgumentInfo const& info) {
  layer.transform(std::move(value), info);
}
|| requires(T& layer, Value value) {
  layer.transform(std::move(value));
};
template <class T>
concept IsFilter = requires {
  &T::on_exception;
};

template <class T>
class GuardOf final : public Guard {
 public:
  explicit GuardOf(std::shared_ptr<T> layer) : layer_(std::move(layer)) {}
  MaybeTask<bool> can_activate(ExecutionContext& context) override {
    if constexpr (std::is_same_v<decltype(layer_->can_activate(context)), Generator<bool>>) {
      return last_of(layer_->can_activate(context));
    } else {
      return layer_->can_activate(context);
    }
  }

  bool may_wait() const noexcept override {
    return !std::is_same_v<decltype(layer_->can_activate(std::declval<ExecutionContext&>())), bool>;
  }

 private:
  // Of a stream of answers the last one counts; without any, nobody passes.
  static Task<bool> last_of(Generator<bool> answers) {
    bool last = false;
    while (auto const answer = co_await answers.next())
      last = *answer;
    co_return last;
  }
  std::shared_ptr<T> layer_;
};

template <class T>
class InterceptorOf final : public Interceptor {
 public:
  explicit InterceptorOf(std::shared_ptr<T> layer) : layer_(std::move(layer)) {}
  Task<Reply> intercept(ExecutionContext& context, CallHandler& next) override {
    using Result = decltype(layer_->intercept(context, next));
    if constexpr (socketio::TaskTraits<Result>::is_task) {
      return layer_->intercept(context, next);
    } else {
      return at_once(*layer_, context, next);
    }
  }

 private:
  static Task<Reply> at_once(T& layer, ExecutionContext& context, CallHandler& next) {
    co_return layer.intercept(context, next);
  }
  std::shared_ptr<T> layer_;
};

template <class T>
class PipeOf final : public Pipe {
 public:
  explicit PipeOf(std::shared_ptr<T> layer) : layer_(std::move(layer)) {}
  PipeResult transform(Value value, ArgumentInfo const& info) override {
    return transform_with(*layer_, std::move(value), info);
  }
  bool passes(std::string_view json, ArgumentInfo const& info) const override {
    if constexpr (requires { layer_->passes(json, info); }) {
      return layer_->passes(json, info);
    } else {
      return Pipe::passes(json, info);
    }
  }
  // Said with `static constexpr bool may_wait = false` by a pipe whose result could be a task, but never is.
  bool may_wait() const noexcept override {
    if constexpr (requires { T::may_wait; }) {
      return T::may_wait;
    } else {
      using Result =
          decltype(transform_with(*layer_, std::declval<Value>(), std::declval<ArgumentInfo const&>()));
      return std::is_same_v<Result, PipeResult> || socketio::TaskTraits<Result>::is_task;
    }
  }
  // Said with `static constexpr bool only_checks = true`.
  bool only_checks() const noexcept override {
    if constexpr (requires { T::only_checks; }) {
      return T::only_checks;
    } else {
      return false;
    }
  }

 private:
  static decltype(auto) transform_with(T& layer, Value value, ArgumentInfo const& info) {
    if constexpr (requires { layer.transform(std::move(value), info); }) {
      return layer.transform(std::move(value), info);
    } else {
      return layer.transform(std::move(value));
    }
  }
  std::shared_ptr<T> layer_;
};

template <class F>
struct CaughtBy;
template <class R, class C, class E>
struct CaughtBy<R (C::*)(E const&, ExecutionContext&)> {
  using Error = E;
  using Result = R;
};
template <class R, class C, class E>
struct CaughtBy<R (C::*)(E const&, ExecutionContext&) const>
    : CaughtBy<R (C::*)(E const&, ExecutionContext&)> {};

template <class T>
class FilterOf final : public Filter {
  using Caught = CaughtBy<decltype(&T::on_exception)>;
  using Error = typename Caught::Error;

 public:
  explicit FilterOf(std::shared_ptr<T> layer) : layer_(std::move(layer)) {}

  Task<bool> handle(std::exception_ptr error, ExecutionContext& context) override {
    Error const* const caught = find(error);
    if (caught == nullptr) co_return false;
    if constexpr (socketio::TaskTraits<typename Caught::Result>::is_task) {
      co_await layer_->on_exception(*caught, context);
    } else {
      layer_->on_exception(*caught, context);
    }
    co_return true;
  }
  bool may_wait() const noexcept override { return socketio::TaskTraits<typename Caught::Result>::is_task; }

 private:
  // The exception lives as long as `error`, so the pointer may leave the handler.
  static Error const* find(std::exception_ptr const& error) {
    if constexpr (std::is_same_v<Error, std::exception_ptr>) {
      return &error;
    } else {
      try {
        std::rethrow_exception(error);
      } catch (Error const& caught) {
        return &caught;
      } catch (...) {
        return nullptr;
      }
    }
  }
  std::shared_ptr<T> layer_;
};

template <class T>
inline constexpr LayerKinds kinds_of{IsGuard<T>, IsInterceptor<T>, IsPipe<T>, IsFilter<T>};

template <class T>
Layer layer_of(std::shared_ptr<T> const& object) {
  static_assert(IsGuard<T> || IsInterceptor<T> || IsPipe<T> || IsFilter<T>,
                "aerie: this is no layer: a guard has can_activate(ExecutionContext&), an interceptor "
                "intercept(ExecutionContext&, CallHandler&), a pipe transform(Value), an exception filter "
                "on_exception(SomeError const&, ExecutionContext&)");
  Layer layer;
  if constexpr (IsGuard<T>) layer.guard = std::make_shared<GuardOf<T>>(object);
  if constexpr (IsInterceptor<T>) layer.interceptor = std::make_shared<InterceptorOf<T>>(object);
  if constexpr (IsPipe<T>) layer.pipe = std::make_shared<PipeOf<T>>(object);
  if constexpr (IsFilter<T>) layer.filter = std::make_shared<FilterOf<T>>(object);
  return layer;
}

}  // namespace detail

/// A layer whose class has a struct of options, so that these can be written in braces.
template <class T>
concept HasOptions = requires {
  typename T::Options;
}
&&std::is_constructible_v<T, typename T::Options const&>;

/// A layer of class T: made of `args`, or, without any, injected. One that needs providers whatever it is
/// made of has an `attach(gateway::Resolver&)`, in which it asks for them.
template <class T, class... Args>
LayerSpec layer_spec(Args&&... args) {
  if constexpr (sizeof...(Args) == 0) {
    return {type_id<T>(),
            [](Resolver& resolver) {
              auto layer = resolver.find_or_make<T>();
              if constexpr (requires { layer->attach(resolver); }) layer->attach(resolver);
              return detail::layer_of(layer);
            },
            false, detail::kinds_of<T>};
  } else {
    static_assert(std::is_constructible_v<T, Args const&...>,
                  "aerie: no constructor of this layer takes that");
    return {type_id<T>(),
            [args = std::make_tuple(std::forward<Args>(args)...)](Resolver& resolver) {
              auto layer = std::apply([](auto const&... each) { return std::make_shared<T>(each...); }, args);
              if constexpr (requires { layer->attach(resolver); }) layer->attach(resolver);
              return detail::layer_of(layer);
            },
            false, detail::kinds_of<T>};
  }
}

/// A layer of the whole application that was added, to say where it applies.
class AERIE_API GlobalLayerBuilder {
 public:
  explicit GlobalLayerBuilder(std::optional<ContextType>& only) : only_(only) {}
  /// Leaves out gateways, or controllers. By default a global layer is for both.
  void only(ContextType type) { only_ = type; }

 private:
  std::optional<ContextType>& only_;
};

/// What `use` and `meta` add to. Derived is a builder with `gateway::Layers& layers()` and
/// `std::vector<Metadata>& metadata()`.
struct Metadata {
  TypeId type = nullptr;
  std::shared_ptr<void const> value;
};

template <class Derived>
class Layered {
 public:
  /// Adds a layer, of whichever kind its class is. Filters: the last one added is asked first.
  template <class T, class... Args>
  Derived& use(Args&&... args) {
    self().layers().push_back(layer_spec<T>(std::forward<Args>(args)...));
    return self();
  }
  /// The same for a layer that takes a struct of options: `use<aerie::ValidationPipe>({.whitelist = true})`.
  template <HasOptions T>
  Derived& use(typename T::Options const& options) {
    self().layers().push_back(layer_spec<T>(options));
    return self();
  }
  /// Says something about this route, or this class, that guards and interceptors can ask for
  /// (`ExecutionContext::metadata`).
  template <class T>
  Derived& meta(T value) {
    self().metadata().push_back({type_id<T>(), std::make_shared<T const>(std::move(value))});
    return self();
  }

 private:
  Derived& self() noexcept { return static_cast<Derived&>(*this); }
};

}  // namespace gateway
}}  // namespace aerie::v1
