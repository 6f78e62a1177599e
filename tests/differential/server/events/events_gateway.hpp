#pragma once

#include "shared/tokens.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace reference::events {

/// Who sends a message: what the guard has found in the token.
struct User {
  aerie::Value user_id;

  static void describe(aerie::Schema<User>& s) { s.field<&User::user_id>("userId"); }
  static User const& extract(aerie::ExecutionContext& context) { return context.socket().get<User>(); }
};

/// Lets those pass who have a valid token. The others are told why not.
class WsAuthGuard {
 public:
  explicit WsAuthGuard(Tokens const& tokens) : tokens_(tokens) {}
  bool can_activate(aerie::ExecutionContext& context);

 private:
  Tokens const& tokens_;
};

/// Makes the event `error {code, message}` of a WsException.
class WsErrorFilter {
 public:
  void on_exception(aerie::WsException const& error, aerie::ExecutionContext& context);
};

struct CreateMessage {
  std::string text;
  std::optional<std::int64_t> priority;

  static void describe(aerie::Schema<CreateMessage>& s);
};

class EventsGateway {
 public:
  static void describe(aerie::Gateway<EventsGateway>& g);

 private:
  aerie::DynamicReply events(aerie::Value const& payload);
  aerie::Event<> response(aerie::Value const& payload);
  User secure(User const& user);
  aerie::Event<> create(aerie::Payload<CreateMessage> const& message);
  void boom();
};

}  // namespace reference::events
