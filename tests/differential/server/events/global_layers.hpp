#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>
#include <utility>

namespace reference::events {

/// Marks every text that is a body or a message.
class GlobalPipe {
 public:
  aerie::Value transform(aerie::Value const& value, aerie::ArgumentInfo const& info) {
    if (info.source != aerie::ArgumentSource::body || !value.is_string()) return value;
    return std::string(value.as_string()) + "!global";
  }
};

/// Wraps what gateways answer, whatever it is: what they emit becomes an answer, and so does nothing.
class GlobalInterceptor {
 public:
  aerie::Task<aerie::Reply> intercept(aerie::ExecutionContext& context, aerie::CallHandler& next) {
    auto reply = co_await next();
    if (context.type() != aerie::ContextType::ws) co_return reply;
    co_return std::move(reply).map([](aerie::ReplyItem item) -> aerie::ReplyItem {
      return aerie::Value::object({{"global", item.to_value()}});
    });
  }
};

}  // namespace reference::events
