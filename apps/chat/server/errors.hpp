#pragma once

/// \file
/// What the chat refuses, and in which words. The codes are part of the contract with clients, over HTTP and
/// over Socket.IO alike.

#include <aerie/schema/codec.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chat {

enum class ErrorCode : std::uint8_t {
  bad_request,
  invalid_nickname,
  invalid_name,
  room_exists,
  room_not_found,
  not_a_member,
  not_yours,
  empty,
  too_long,
  missing_token,
  invalid_token,
  expired_token,
  invalid_event,
  invalid_image,
  image_too_large,
  image_quota,
  unknown_user,
  too_many_requests,
  store_failed,
  not_found,
  internal,
};

void describe(aerie::EnumSchema<ErrorCode>& e);

/// "BAD_REQUEST", "ROOM_NOT_FOUND" ...
std::string_view to_string(ErrorCode code);

/// Thrown by services, turned into an answer at the edges. The message is a sentence for people.
class ChatError : public std::runtime_error {
 public:
  ChatError(ErrorCode code, std::string const& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// An error on the wire.
struct ErrorInfo {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  static ErrorInfo of(ChatError const& error) { return {error.code(), error.what()}; }
  /// For what went wrong inside: clients learn nothing of it.
  static ErrorInfo internal() { return {ErrorCode::internal, "Something went wrong on the server."}; }

  static void describe(aerie::Schema<ErrorInfo>& s) {
    s.field<&ErrorInfo::code>();
    s.field<&ErrorInfo::message>();
  }
};

/// What a message that is refused is acknowledged with.
struct Refused {
  bool ok = false;
  ErrorInfo error;

  static void describe(aerie::Schema<Refused>& s) {
    s.field<&Refused::ok>().equals(false);
    s.field<&Refused::error>();
  }
};

/// Data of a refused connection, and of `tokenExpired`, which comes before the server hangs up. `retry`: the
/// same user may come back with a new token.
struct TokenNews {
  ErrorCode code = ErrorCode::invalid_token;
  bool retry = false;

  static void describe(aerie::Schema<TokenNews>& s) {
    s.field<&TokenNews::code>();
    s.field<&TokenNews::retry>();
  }
};

}  // namespace chat
