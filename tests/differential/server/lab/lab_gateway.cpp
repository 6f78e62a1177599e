#include "lab/lab_gateway.hpp"

#include <utility>

namespace reference::lab {

namespace {

/// Adds to the answer what an interceptor knows of its message.
struct ContextInterceptor {
  aerie::Task<aerie::Reply> intercept(aerie::ExecutionContext& context, aerie::CallHandler& next) {
    auto reply = co_await next();
    co_return std::move(reply).map([&context](aerie::ReplyItem item) -> aerie::ReplyItem {
      return aerie::Value::object({{"v", item.to_value()},
                                   {"type", to_string(context.type())},
                                   {"pattern", context.pattern()},
                                   {"data", context.payload()},
                                   {"cls", context.class_name()},
                                   {"handler", context.handler_name()}});
    });
  }
};

}  // namespace

void LabGateway::describe(aerie::Gateway<LabGateway>& g) {
  g.at("/lab");
  g.on<&LabGateway::ctx>().use<ContextInterceptor>();
  g.on<&LabGateway::shared>();
}

std::string LabGateway::ctx() {
  return "value";
}

aerie::Event<std::string> LabGateway::shared() {
  return {"shared", "LabGateway"};
}

void SecondGateway::describe(aerie::Gateway<SecondGateway>& g) {
  g.at("/lab");
  g.connected<&SecondGateway::connected>();
  g.on<&SecondGateway::shared>();
  g.on<&SecondGateway::second>();
}

void SecondGateway::connected(aerie::Socket& socket) {
  socket.set(Greeted{true});
}

aerie::Event<std::string> SecondGateway::shared() {
  return {"shared", "SecondGateway"};
}

SecondGateway::Greeted SecondGateway::second(aerie::Socket& socket) {
  return socket.get<Greeted>();
}

}  // namespace reference::lab
