#pragma once

/// \file
/// Middleware in front of an Engine.IO server: it sees every request, may add headers, answer or refuse.

#include <aerie/core/anchor.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/question.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/http/response.hpp>

#include <string_view>
#include <utility>
#include <variant>

namespace aerie { inline namespace v1 { namespace engineio {

class RequestFlow;

/// A request on its way through the middlewares. One of `next`, `respond` and `fail` decides, at once or
/// later; what is called after the first, after the deadline (`ServerOptions::decision_timeout`), after the
/// client has left, or when the server is gone, does nothing. Copies are the same step. Any thread.
class AERIE_API RequestStep {
 public:
  /// Valid as long as the step itself.
  http::RequestHead const& request() const noexcept { return request_; }
  /// Adds a header to the answer, whatever it will be; before the decision. Throws std::invalid_argument for
  /// a name or value with a line break or NUL in it.
  void set_header(std::string_view name, std::string_view value) const;
  void next() const;
  /// Answers the request here. A WebSocket handshake is ended without an answer.
  void respond(http::Response response) const;
  /// Refuses the request as a bad one (code 3).
  void fail() const;

 private:
  friend class RequestFlow;
  struct Next {};
  struct Fail {};
  using Answer = std::variant<Next, http::Response, Fail>;

  RequestStep(core::Reply<Answer> answer, core::AnchorRef flow_is_there, RequestFlow& flow,
              http::RequestHead request)
      : answer_(std::move(answer)),
        flow_is_there_(std::move(flow_is_there)),
        flow_(&flow),
        request_(std::move(request)) {}

  core::Reply<Answer> answer_;
  core::AnchorRef flow_is_there_;
  RequestFlow* flow_;
  http::RequestHead request_;
};

}}}  // namespace aerie::v1::engineio
