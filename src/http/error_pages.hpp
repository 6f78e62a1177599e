#pragma once

#include <aerie/core/log.hpp>
#include <aerie/http/response.hpp>
#include <aerie/http/routes.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace http {

/// What errors are answered with: an application's own answers, or plain ones. Never changes; may be used
/// from any thread.
class ErrorPages {
 public:
  explicit ErrorPages(ErrorAnswer own = nullptr) : own_(std::move(own)) {}

  bool has_own() const noexcept { return static_cast<bool>(own_); }
  /// The application's answer; `plain` if there is none, or if it throws or has headers that are not allowed,
  /// which is logged.
  Response answer(Logger const& log, int status, RequestHead const& head, Response plain) const;

 private:
  ErrorAnswer own_;
};

}}}  // namespace aerie::v1::http
