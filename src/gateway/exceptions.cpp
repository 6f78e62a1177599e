#include <aerie/gateway/exceptions.hpp>
#include <aerie/http/response.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

namespace {

std::string text_of(Value const& error) {
  if (error.is_string()) return std::string(error.as_string());
  if (auto const message = error["message"].get_if<std::string_view>()) return std::string(*message);
  return "Ws Exception";
}

std::string text_of_response(Value const& response, int status) {
  if (response.is_string()) return std::string(response.as_string());
  if (auto const message = response["message"].get_if<std::string_view>()) return std::string(*message);
  return std::string(http::reason_phrase(status));
}

void add_code(Value& body, std::string const& error_code) {
  if (!error_code.empty()) body.as_object().set("errorCode", error_code);
}

Value plain_body(int status, Value response, std::string const& error_code) {
  if (response.is_object() || response.is_array()) return response;
  auto body = Value::object({{"statusCode", status}, {"message", std::move(response)}});
  add_code(body, error_code);
  return body;
}

/// The names that NestJS has given to statuses, which are older than those of RFC 9110.
std::string_view error_name(int status) {
  if (status == 413) return "Payload Too Large";
  return status == 422 ? "Unprocessable Entity" : http::reason_phrase(status);
}

Value named_body(int status, std::string_view error, Value message, std::string const& error_code) {
  if (message.is_object()) return message;
  auto body =
      message.is_undefined()
          ? Value::object({{"message", error}, {"statusCode", status}})
          : Value::object({{"message", std::move(message)}, {"error", error}, {"statusCode", status}});
  add_code(body, error_code);
  return body;
}

}  // namespace

WsException::WsException(Value error) : std::runtime_error(text_of(error)), error_(std::move(error)) {}

HttpException::HttpException(int status, Value response, HttpExceptionOptions options)
    : std::runtime_error(text_of_response(response, status)),
      status_(status),
      body_(plain_body(status, std::move(response), options.error_code)),
      error_code_(std::move(options.error_code)) {}

HttpException::HttpException(int status, std::string_view error, Value message, HttpExceptionOptions options)
    : std::runtime_error(message.is_undefined() ? std::string(error) : text_of_response(message, status)),
      status_(status),
      body_(named_body(status, error, std::move(message), options.error_code)),
      error_code_(std::move(options.error_code)) {}

HttpException HttpException::of(int status, Value message, HttpExceptionOptions options) {
  return {status, error_name(status), std::move(message), std::move(options)};
}

template <int Status>
HttpStatusException<Status>::HttpStatusException(Value message, HttpExceptionOptions options)
    : HttpException(Status, error_name(Status), std::move(message), std::move(options)) {}

template class HttpStatusException<400>;
template class HttpStatusException<401>;
template class HttpStatusException<403>;
template class HttpStatusException<404>;
template class HttpStatusException<406>;
template class HttpStatusException<409>;
template class HttpStatusException<410>;
template class HttpStatusException<413>;
template class HttpStatusException<422>;
template class HttpStatusException<429>;
template class HttpStatusException<500>;
template class HttpStatusException<503>;

}}  // namespace aerie::v1
