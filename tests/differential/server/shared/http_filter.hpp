#pragma once

#include <aerie/gateway/gateways.hpp>

namespace reference {

/// Tells a gateway's client what a controller's client would be told.
class HttpFilter {
 public:
  void on_exception(aerie::HttpException const& error, aerie::ExecutionContext& context) {
    context.emit("exception", aerie::Value::object(
                                  {{"status", "http"}, {"code", error.status()}, {"body", error.body()}}));
  }
};

}  // namespace reference
