#pragma once

/// \file
/// How everything that goes wrong is answered.

#include <aerie/core/log.hpp>
#include <aerie/gateway/execution_context.hpp>

#include <exception>

namespace chat {

/// The filter of all gateways and controllers: a request is answered with the error, a message acknowledged
/// with `{ok: false, error}`. What is not a ChatError is logged, and the client learns nothing of it.
class ErrorAnswers {
 public:
  explicit ErrorAnswers(aerie::Logger const& log) : log_(log) {}
  void on_exception(std::exception_ptr const& error, aerie::ExecutionContext& context) const;

 private:
  aerie::Logger const& log_;
};

}  // namespace chat
