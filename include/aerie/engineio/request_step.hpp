#pragma once

/// \file
/// Middleware in front of an Engine.IO server: it sees every request, may add headers, answer or refuse.

#include <aerie/core/api.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/http/response.hpp>

#include <memory>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

class RequestFlow;

/// A request on its way through the middlewares. One of `next`, `respond` and `fail` decides, at once or
/// later, from any thread; what is called after the first, or after the client has left, does nothing.
class AERIE_API RequestStep {
 public:
  explicit RequestStep(std::shared_ptr<RequestFlow> flow) : flow_(std::move(flow)) {}

  /// Valid until the step is decided.
  http::RequestHead const& request() const noexcept;
  /// Adds a header to the answer, whatever it will be. Call it on the shard, before the decision.
  void set_header(std::string_view name, std::string_view value) const;
  void next() const;
  /// Answers the request here. A WebSocket handshake is ended without one.
  void respond(http::Response response) const;
  /// Refuses the request as a bad one (code 3).
  void fail() const;

 private:
  std::shared_ptr<RequestFlow> flow_;
};

}}}  // namespace aerie::v1::engineio
