#include "lab/filters.hpp"

#include "shared/http_filter.hpp"
#include "shared/trace.hpp"

#include <aerie/core/outcome.hpp>

#include <exception>
#include <stdexcept>
#include <string_view>

namespace reference::lab {

namespace {

class MyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Catches everything and answers with the acknowledgement.
struct AckFilter {
  void on_exception(std::exception_ptr const& error, aerie::ExecutionContext& context) {
    auto const message = aerie::core::describe(error);
    context.ack()(aerie::Value::object({{"ok", false}, {"error", message}}));
  }
};

struct ContextFilter {
  void on_exception(aerie::WsException const& error, aerie::ExecutionContext& context) {
    context.emit("caught", aerie::Value::object({{"type", to_string(context.type())},
                                                 {"pattern", context.pattern()},
                                                 {"data", context.payload()},
                                                 {"message", error.what()}}));
  }
};

struct MyErrorFilter {
  void on_exception(MyError const& error, aerie::ExecutionContext& context) {
    context.emit("my-error", error.what());
  }
};

/// Does something first, and leaves the rest to the framework.
struct DelegatingFilter : aerie::BaseWsExceptionFilter {
  void on_exception(std::exception_ptr const& error, aerie::ExecutionContext& context) {
    context.emit("delegating", true);
    aerie::BaseWsExceptionFilter::on_exception(error, context);
  }
};

aerie::Value own_cause(std::string_view pattern, aerie::Value const&) {
  return aerie::Value::object({{"on", pattern}});
}

}  // namespace

void Filters::describe(aerie::Gateway<Filters>& g) {
  g.at("/lab");
  g.on<&Filters::http>("filter:http").use<HttpFilter>();
  g.on<&Filters::not_http>("filter:notmatched").use<HttpFilter>();
  g.on<&Filters::to_the_ack>("filter:ack").use<AckFilter>();
  g.on<&Filters::context>("filter:context").use<ContextFilter>();
  g.on<&Filters::mine>("filter:class").use<MyErrorFilter>();
  g.on<&Filters::up>("filter:delegate").use<DelegatingFilter>();
  g.on<&Filters::brief>("filter:nocause").use<aerie::BaseWsExceptionFilter>({.include_cause = false});
  g.on<&Filters::shaped>("filter:cause").use<aerie::BaseWsExceptionFilter>({.cause_factory = own_cause});
  // The filter that is listed last is asked first.
  g.on<&Filters::who>("filter:first").use<MethodFilter>().use<ClassFilter>();
}

void Filters::http() {
  throw aerie::BadRequestException(aerie::Value::array({"x", "y"}));
}

void Filters::not_http() {
  throw aerie::WsException("not http");
}

void Filters::to_the_ack() {
  throw aerie::WsException("to the ack");
}

void Filters::context() {
  throw aerie::WsException("ctx");
}

void Filters::mine() {
  throw MyError("mine");
}

void Filters::up() {
  throw aerie::WsException("up");
}

void Filters::brief() {
  throw aerie::WsException("short");
}

void Filters::shaped() {
  throw aerie::WsException("shaped");
}

void Filters::who() {
  throw aerie::WsException("who");
}

}  // namespace reference::lab
