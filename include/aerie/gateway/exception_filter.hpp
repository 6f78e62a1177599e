#pragma once

/// \file
/// What becomes of an error that nobody has handled.

#include <aerie/core/api.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>

namespace aerie { inline namespace v1 {

/// Makes the event `exception` of an error, as it is done without any filter; for filters of one's own that
/// do something else first. A WsException with a text becomes `{status: "error", message, cause: {pattern,
/// data}}`, with any other value that value alone; a message that its handler cannot take `{status: "error",
/// code: "VALIDATION_FAILED", message: [text]}`, as where a ValidationPipe has refused it; anything else
/// "Internal server error", and a line in the log.
/// https://docs.nestjs.com/websockets/exception-filters#inheritance
class AERIE_API BaseWsExceptionFilter {
 public:
  /// What a client is told besides the message.
  struct Options {
    /// Tell the client which of its messages it was.
    bool include_cause = true;
    /// What to tell instead of `{pattern, data}`.
    std::function<Value(std::string_view pattern, Value const& data)> cause_factory{};
    /// Bytes of a payload that is repeated as `data`; a larger one is left out. NestJS repeats any.
    std::size_t max_cause_data = 1024;
  };

  BaseWsExceptionFilter() = default;
  /// Tells what `options` say; `app.use<aerie::BaseWsExceptionFilter>({.include_cause = false})` makes it so.
  explicit BaseWsExceptionFilter(Options options) : options_(std::move(options)) {}

  /// Sends it to the message's client. Call it on the context's shard.
  void on_exception(std::exception_ptr const& error, ExecutionContext& context) const;
  /// What it would send.
  Value response(std::exception_ptr const& error, ExecutionContext const& context) const;

 private:
  Value with_cause(std::string_view message, ExecutionContext const& context) const;

  Options options_;
};

}}  // namespace aerie::v1
