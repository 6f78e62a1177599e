#pragma once

/// \file
/// Signing in: a nickname is all it takes. Thread-safe.

#include "model.hpp"
#include "store/message_store.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/jwt.hpp>

#include <string>
#include <string_view>

namespace chat {

struct Session {
  std::string token;
  User user;
  aerie::Date expires_at;

  static void describe(aerie::Schema<Session>& s) {
    s.field<&Session::token>();
    s.field<&Session::user>();
    s.field<&Session::expires_at>("expiresAt");
  }
};

class SignIn {
 public:
  SignIn(MessageStore& store, aerie::JwtService const& jwt) : store_(store), jwt_(jwt) {}

  /// A new session for the user of that nickname. Throws ChatError with INVALID_NICKNAME.
  aerie::Task<Session> sign_in(std::string_view nickname);

 private:
  MessageStore& store_;
  aerie::JwtService const& jwt_;
};

}  // namespace chat
