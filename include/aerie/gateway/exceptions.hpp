#pragma once

/// \file
/// What handlers and layers throw to say something to the client.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// An error of a message. Without a filter that makes something else of it the client gets the event
/// `exception`: with a text `{status: "error", message, cause: {pattern, data}}`, with any other value that
/// value alone. It never closes the connection. https://docs.nestjs.com/websockets/exception-filters
class AERIE_API WsException : public std::runtime_error {
 public:
  /// `error` is a text, or an object or array of your own. `what()` is the text, an object's `message`, or
  /// "Ws Exception".
  explicit WsException(Value error);
  explicit WsException(char const* text) : WsException(Value(text)) {}
  explicit WsException(std::string const& text) : WsException(Value(text)) {}

  /// What the client is told of it.
  Value const& error() const noexcept { return error_; }

 private:
  Value error_;
};

/// What else an HttpException tells.
struct HttpExceptionOptions {
  /// A name for programs, which stays when the message is worded anew: the body's `errorCode`. Empty: none.
  std::string error_code{};
};

/// An error with a status. A controller's client gets it as the answer, with `body()`; a gateway's client is
/// told "Internal server error", as this is none of its business.
class AERIE_API HttpException : public std::runtime_error {
 public:
  /// `response` is the body, if it is an object or an array; a text becomes `{statusCode, message}`.
  HttpException(int status, Value response, HttpExceptionOptions options = {});
  /// `{message, error, statusCode}` with the status' name as `error`: what the classes below are for a status
  /// that is known at compile time.
  static HttpException of(int status, Value message = {}, HttpExceptionOptions options = {});

  /// The status of the answer.
  int status() const noexcept { return status_; }
  /// What the answer carries.
  Value const& body() const noexcept { return body_; }
  /// HttpExceptionOptions::error_code.
  std::string const& error_code() const noexcept { return error_code_; }

 protected:
  /// `{message, error, statusCode}`; an object as `message` is the body as it is, without an `errorCode`.
  HttpException(int status, std::string_view error, Value message, HttpExceptionOptions options);

 private:
  int status_;
  Value body_;
  std::string error_code_;
};

/// An HttpException of one status: `throw aerie::NotFoundException("no such room")`. The message may be a
/// text or an array of texts; without one it is the status' name. `throw aerie::ConflictException("taken",
/// {.error_code = "NAME_TAKEN"})` adds an `errorCode`.
template <int Status>
class HttpStatusException : public HttpException {
 public:
  /// See the class; an object as `message` is the body as it is.
  explicit HttpStatusException(Value message = {}, HttpExceptionOptions options = {});
};

extern template class AERIE_API HttpStatusException<400>;
extern template class AERIE_API HttpStatusException<401>;
extern template class AERIE_API HttpStatusException<403>;
extern template class AERIE_API HttpStatusException<404>;
extern template class AERIE_API HttpStatusException<406>;
extern template class AERIE_API HttpStatusException<409>;
extern template class AERIE_API HttpStatusException<410>;
extern template class AERIE_API HttpStatusException<413>;
extern template class AERIE_API HttpStatusException<422>;
extern template class AERIE_API HttpStatusException<429>;
extern template class AERIE_API HttpStatusException<500>;
extern template class AERIE_API HttpStatusException<503>;

/// 400: the request is not what was asked for.
using BadRequestException = HttpStatusException<400>;
/// 401: nobody knows who asks.
using UnauthorizedException = HttpStatusException<401>;
/// 403: who asks may not.
using ForbiddenException = HttpStatusException<403>;
/// 404: there is no such thing.
using NotFoundException = HttpStatusException<404>;
/// 406: it is not there in a form that the client accepts.
using NotAcceptableException = HttpStatusException<406>;
/// 409: it does not go together with how things stand.
using ConflictException = HttpStatusException<409>;
/// 410: it is not there any more.
using GoneException = HttpStatusException<410>;
/// 413: there is too much of it.
using PayloadTooLargeException = HttpStatusException<413>;
/// 422: it is well formed, and cannot be done.
using UnprocessableEntityException = HttpStatusException<422>;
/// 429: the client asks too often.
using TooManyRequestsException = HttpStatusException<429>;
/// 500: the server has failed.
using InternalServerErrorException = HttpStatusException<500>;
/// 503: the server cannot do it now.
using ServiceUnavailableException = HttpStatusException<503>;

namespace gateway {

/// A program that cannot start: a missing provider, a cycle, a handler that does not fit its adapter, a
/// secret that is too short. The text names what is wrong and the remedy.
class AERIE_API StartError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace gateway
}}  // namespace aerie::v1
