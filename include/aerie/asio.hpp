#pragma once

/// \file
/// Aerie and Boost.Asio in one program. Header-only, and the only header that includes Asio: Boost 1.74 or
/// later, which nothing else of Aerie needs.
///
/// A runtime inside your own io_context, so that everything runs on its thread:
///
///     boost::asio::io_context io;
///     aerie::Runtime runtime;                               // threads = 1
///     aerie::asio::RuntimeDriver driver(io.get_executor(), runtime);
///     io.run();
///
/// And Asio's operations in Aerie's tasks:
///
///     aerie::Task<std::string> lookup(tcp::resolver& resolver, std::string host) {
///       auto const found = co_await aerie::asio::use(io.get_executor(),
///                                                    resolver.async_resolve(host, "80",
///                                                    boost::asio::deferred));
///       co_return found.begin()->endpoint().address().to_string();
///     }
///
/// Before Boost 1.81 there is no `deferred`, and `boost::asio::use_awaitable` stands in its place; and what a
/// cancelled task waits for goes on to its end, as Asio cannot be told to end it.

#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>

#if !__has_include(<boost/asio/any_io_executor.hpp>)
#error "aerie/asio.hpp needs Boost 1.74 or later; on Debian and Ubuntu: apt-get install libboost-dev"
#endif

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <boost/version.hpp>
#if BOOST_VERSION >= 108100
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#endif
#include <fcntl.h>

#include <cerrno>
#include <coroutine>
#include <exception>
#include <memory>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 { namespace asio {

/// Runs a runtime inside an Asio event loop: whenever the runtime has something to do, its turn is a handler
/// of that loop. Ends by itself when the runtime is stopped. Belongs to the loop's thread; destroy it before
/// the runtime.
class RuntimeDriver {
 public:
  /// Throws std::logic_error if the runtime has more than one thread.
  RuntimeDriver(boost::asio::any_io_executor executor, Runtime& runtime)
      : loop_(std::make_shared<Loop>(std::move(executor), runtime)) {
    wait(loop_);
  }
  ~RuntimeDriver() {
    loop_->runtime = nullptr;
    boost::system::error_code ignored;
    loop_->descriptor.close(ignored);
  }
  RuntimeDriver(RuntimeDriver const&) = delete;
  RuntimeDriver& operator=(RuntimeDriver const&) = delete;

 private:
  // Outlives the driver until Asio has given back its last handler.
  struct Loop {
    Loop(boost::asio::any_io_executor executor, Runtime& driven)
        : runtime(&driven), descriptor(std::move(executor), duplicate(driven.descriptor())) {}
    Runtime* runtime;
    boost::asio::posix::stream_descriptor descriptor;
  };

  // Asio closes what it was given, and the runtime keeps its own.
  static int duplicate(int descriptor) {
    int const copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
      throw std::system_error(errno, std::system_category(), "aerie: cannot duplicate a descriptor");
    return copy;
  }

  static void wait(std::shared_ptr<Loop> const& loop) {
    loop->descriptor.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                                [loop](boost::system::error_code error) {
                                  if (error || loop->runtime == nullptr) return;
                                  loop->runtime->turn();
                                  // The turn may have ended the driver.
                                  if (loop->runtime == nullptr || loop->runtime->shard(0).stopped()) return;
                                  wait(loop);
                                });
  }

  std::shared_ptr<Loop> loop_;
};

namespace detail {

template <class... Values>
struct ValueOf {
  using type = std::tuple<std::decay_t<Values>...>;
};
template <class Value>
struct ValueOf<Value> {
  using type = std::decay_t<Value>;
};
template <>
struct ValueOf<> {
  using type = void;
};

/// What an operation with this completion signature gives, its error apart.
template <class Signature>
struct ResultOf;
template <class... Values>
struct ResultOf<void(Values...)> : ValueOf<Values...> {};
template <class... Values>
struct ResultOf<void(boost::system::error_code, Values...)> : ValueOf<Values...> {};
template <class... Values>
struct ResultOf<void(std::exception_ptr, Values...)> : ValueOf<Values...> {};

template <class T>
inline constexpr bool is_error =
    std::is_same_v<T, boost::system::error_code> || std::is_same_v<T, std::exception_ptr>;

inline std::exception_ptr exception_of(std::exception_ptr error) noexcept {
  return error;
}
inline std::exception_ptr exception_of(boost::system::error_code error) {
  return error ? std::make_exception_ptr(boost::system::system_error(error)) : nullptr;
}

/// How a task tells the operation that it waits for to end.
#if BOOST_VERSION >= 108100
class Cancellation {
 public:
  template <class Handler>
  auto bind(Handler handler) {
    return boost::asio::bind_cancellation_slot(signal_.slot(), std::move(handler));
  }
  void emit() { signal_.emit(boost::asio::cancellation_type::all); }

 private:
  boost::asio::cancellation_signal signal_;
};
#else
class Cancellation {
 public:
  template <class Handler>
  Handler bind(Handler handler) {
    return handler;
  }
  void emit() {}
};
#endif

/// What the waiting task and the operation share. The operation's end comes on Asio's thread, the rest is the
/// shard's.
template <class Result>
struct Operation {
  explicit Operation(boost::asio::any_io_executor on) noexcept : executor(std::move(on)) {}

  void end() { outcome.set_value(); }
  template <class First, class... Rest>
  void end(First&& first, Rest&&... rest) {
    if constexpr (is_error<std::decay_t<First>>) {
      if (auto error = exception_of(first)) {
        outcome.set_error(std::move(error));
      } else {
        outcome.set_value(std::forward<Rest>(rest)...);
      }
    } else {
      outcome.set_value(std::forward<First>(first), std::forward<Rest>(rest)...);
    }
  }

  boost::asio::any_io_executor executor;
  Cancellation cancellation;
  core::Outcome<Result> outcome;
  std::shared_ptr<core::Mailbox> shard;  // outlives the shard, as the operation may
  UniqueFunction<void()> resume;         // empty when the task has gone; of the shard's thread
};

/// The handler that ends an operation.
template <class Result>
auto finish(std::shared_ptr<Operation<Result>> const& operation) {
  return operation->cancellation.bind([operation](auto&&... values) {
    operation->end(std::forward<decltype(values)>(values)...);
    operation->shard->post([operation] {
      if (operation->resume) operation->resume();
    });
  });
}

template <class Result, class Launch>
class Use final : public core::Wait {
 public:
  Use(boost::asio::any_io_executor executor, Launch launch)
      : operation_(std::make_shared<Operation<Result>>(std::move(executor))), launch_(std::move(launch)) {}
  ~Use() override {
    if (!begun_) return;
    operation_->resume = nullptr;
    if (waiting_) cancel_operation();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiting) {
    auto& context = waiting.promise().context();
    if (!begin(context, waiting)) return false;
    begun_ = waiting_ = true;
    operation_->shard = context.shard().mailbox().shared_from_this();
    operation_->resume = [this] {
      waiting_ = false;
      resume();
    };
    launch_(operation_);
    return true;
  }
  Result await_resume() {
    throw_if_cancelled();
    return operation_->outcome.take();
  }

 private:
  // The operation may be using the task's variables: the task goes on when it has ended.
  void on_cancel() noexcept override { cancel_operation(); }
  void cancel_operation() noexcept {
    boost::asio::post(operation_->executor, [operation = operation_] { operation->cancellation.emit(); });
  }

  std::shared_ptr<Operation<Result>> operation_;
  Launch launch_;
  bool begun_ = false;
  bool waiting_ = false;
};

}  // namespace detail

#if defined(BOOST_ASIO_HAS_CO_AWAIT)  // not so with clang before Boost 1.76
/// Awaited in a task: runs a coroutine of Asio's on `executor` and gives what it returns or throws. If the
/// task is cancelled, so is the coroutine, and when it has ended the task throws `Cancelled`. `executor` must
/// be that of one thread, or a strand.
template <class T, class Executor>
[[nodiscard]] auto use(boost::asio::any_io_executor executor, boost::asio::awaitable<T, Executor> coroutine) {
  auto launch = [coroutine =
                     std::move(coroutine)](std::shared_ptr<detail::Operation<T>> const& operation) mutable {
    boost::asio::co_spawn(operation->executor, std::move(coroutine), detail::finish(operation));
  };
  return detail::Use<T, decltype(launch)>(std::move(executor), std::move(launch));
}
#endif

#if BOOST_VERSION >= 108100
/// Awaited in a task: starts an operation of Asio's on `executor`, the one of its I/O object, and gives its
/// result: nothing, a value, or a tuple of them. An error is thrown as boost::system::system_error.
/// Operations are made with the token `boost::asio::deferred`: `co_await use(executor,
/// timer.async_wait(boost::asio::deferred))`. Cancelled as above.
template <class Deferred>
requires(boost::asio::is_deferred<std::decay_t<Deferred>>::value)
    [[nodiscard]] auto use(boost::asio::any_io_executor executor, Deferred&& deferred) {
  using Result =
      typename detail::ResultOf<boost::asio::completion_signature_of_t<std::decay_t<Deferred>>>::type;
  auto launch = [deferred = std::decay_t<Deferred>(std::forward<Deferred>(deferred))](
                    std::shared_ptr<detail::Operation<Result>> const& operation) mutable {
    boost::asio::dispatch(operation->executor, [operation, deferred = std::move(deferred)]() mutable {
      std::move(deferred)(detail::finish(operation));
    });
  };
  return detail::Use<Result, decltype(launch)>(std::move(executor), std::move(launch));
}
#endif

}}}  // namespace aerie::v1::asio
