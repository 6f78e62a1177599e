#include <aerie/schema/decoder.hpp>

namespace aerie { inline namespace v1 {

std::string_view to_string(DecodeErrorCode code) {
  switch (code) {
    case DecodeErrorCode::syntax:
      return "the text is malformed";
    case DecodeErrorCode::depth:
      return "the value is nested too deeply";
    case DecodeErrorCode::wrong_type:
      return "the value is of another type";
    case DecodeErrorCode::missing:
      return "a required member is missing";
    case DecodeErrorCode::out_of_range:
      return "the number is out of range";
    case DecodeErrorCode::unknown_name:
      return "the string is none of the allowed ones";
    case DecodeErrorCode::wrong_size:
      return "the array has the wrong number of elements";
    case DecodeErrorCode::illegal_attachment:
      return "a placeholder points to no attachment";
    case DecodeErrorCode::refused:
      return "the value was refused";
  }
  return "the value can't be decoded";
}

std::string DecodeError::to_string() const {
  return path.empty() ? message : path + ": " + message;
}

Decoder::Decoder() = default;
Decoder::~Decoder() = default;

bool Decoder::fail(DecodeErrorCode code, std::string message) {
  return fail(DecodeError{.code = code, .path = {}, .message = std::move(message)});
}

bool Decoder::fail(DecodeError error) {
  if (error_ == nullptr) error_ = std::make_unique<DecodeError>(std::move(error));
  return false;
}

bool Decoder::fail_expecting(std::string_view expected) {
  ValueKind const found = peek();
  return fail(DecodeErrorCode::wrong_type,
              "expected " + std::string(expected) + ", got " + std::string(to_string(found)));
}

bool Decoder::fail_date() {
  return fail(DecodeErrorCode::wrong_type,
              "expected a date such as 2024-02-29T12:30:00.000Z, got another string");
}

bool Decoder::fail_invalid_date() {
  return fail(DecodeErrorCode::wrong_type,
              "expected a date such as 2024-02-29T12:30:00.000Z, got the invalid date or one out of range");
}

bool Decoder::refuse() {
  return fail(DecodeErrorCode::refused, "the value was refused");
}

bool Decoder::in(std::string_view segment) {
  refuse();
  std::string& path = error_->path;
  path = path.empty() ? std::string(segment) : std::string(segment) + "." + path;
  return false;
}

bool Decoder::in(std::size_t index) {
  return in(std::string_view(std::to_string(index)));
}

DecodeResult Decoder::take_result() {
  return DecodeResult(std::unique_ptr<DecodeError const>(error_.release()));
}

}}  // namespace aerie::v1
