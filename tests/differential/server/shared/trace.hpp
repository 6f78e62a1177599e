#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>
#include <utility>

namespace reference {

/// A guard that lets everybody pass and tells the client that it was asked.
class TraceGuard {
 public:
  explicit TraceGuard(std::string tag) : tag_(std::move(tag)) {}

  bool can_activate(aerie::ExecutionContext& context) {
    context.emit("trace", "guard:" + tag_);
    return true;
  }

 private:
  std::string tag_;
};

/// Tells the client when a message passes on its way in, and each answer on its way out.
class TraceInterceptor {
 public:
  explicit TraceInterceptor(std::string tag) : tag_(std::move(tag)) {}

  aerie::Task<aerie::Reply> intercept(aerie::ExecutionContext& context, aerie::CallHandler& next) {
    context.emit("trace", tag_ + ":before");
    auto reply = co_await next();
    co_return std::move(reply).map([this, &context](aerie::ReplyItem item) {
      context.emit("trace", tag_ + ":after");
      return item;
    });
  }

 private:
  std::string tag_;
};

/// Writes a text behind a text.
class AppendPipe {
 public:
  explicit AppendPipe(std::string suffix) : suffix_(std::move(suffix)) {}

  aerie::Value transform(aerie::Value const& value) {
    if (!value.is_string()) return value;
    return std::string(value.as_string()) + suffix_;
  }

 private:
  std::string suffix_;
};

/// The same as the pipe of one parameter: `Payload<std::string, Append<"3">>`.
template <aerie::FixedText Suffix>
class Append : public AppendPipe {
 public:
  Append() : AppendPipe(std::string(Suffix.view())) {}
};

/// Tells the client which filter has handled a WsException.
class MethodFilter {
 public:
  void on_exception(aerie::WsException const& error, aerie::ExecutionContext& context) {
    context.emit("method-filter", error.error());
  }
};

class ClassFilter {
 public:
  void on_exception(aerie::WsException const& error, aerie::ExecutionContext& context) {
    context.emit("class-filter", error.error());
  }
};

}  // namespace reference
