#include "lab/interceptors.hpp"

#include "shared/trace.hpp"

#include <utility>

namespace reference::lab {

namespace {

/// Wraps every answer, one that is undefined included.
struct WrapInterceptor {
  aerie::Task<aerie::Reply> intercept(aerie::ExecutionContext&, aerie::CallHandler& next) {
    auto reply = co_await next();
    co_return std::move(reply).map([](aerie::ReplyItem item) -> aerie::ReplyItem {
      return aerie::Value::object({{"wrapped", item.to_value()}});
    });
  }
};

/// Answers itself; the handler is not run.
struct CacheInterceptor {
  aerie::Reply intercept(aerie::ExecutionContext&, aerie::CallHandler&) { return aerie::Value("cached"); }
};

struct EmptyInterceptor {
  aerie::Reply intercept(aerie::ExecutionContext&, aerie::CallHandler&) { return aerie::Reply::none(); }
};

struct ThrowInterceptor {
  aerie::Reply intercept(aerie::ExecutionContext&, aerie::CallHandler&) {
    throw aerie::WsException("interceptor says no");
  }
};

}  // namespace

void Interceptors::describe(aerie::Gateway<Interceptors>& g) {
  g.at("/lab");
  g.on<&Interceptors::value>("int:wrap").use<WrapInterceptor>();
  g.on<&Interceptors::stream>("int:wrapobs").use<WrapInterceptor>();
  g.on<&Interceptors::unreached>("int:cache").use<CacheInterceptor>();
  g.on<&Interceptors::unreached>("int:empty").use<EmptyInterceptor>();
  g.on<&Interceptors::unreached>("int:throw").use<ThrowInterceptor>();
  g.on<&Interceptors::done>("int:order")
      .use<TraceGuard>("a")
      .use<TraceGuard>("b")
      .use<TraceInterceptor>("outer")
      .use<TraceInterceptor>("inner");
}

aerie::Value Interceptors::value(aerie::Value const& payload) {
  return payload;
}

aerie::Generator<int> Interceptors::stream() {
  co_yield 1;
  co_yield 2;
}

std::string Interceptors::unreached() {
  return "the handler's";
}

std::string Interceptors::done() {
  return "done";
}

}  // namespace reference::lab
