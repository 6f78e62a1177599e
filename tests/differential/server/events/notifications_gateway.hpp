#pragma once

#include "shared/tokens.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>

namespace reference::events {

/// Every user has a room, which all tabs of theirs are in.
class NotificationsGateway {
 public:
  explicit NotificationsGateway(Tokens const& tokens) : tokens_(tokens) {}
  static void describe(aerie::Gateway<NotificationsGateway>& g);

  /// To all tabs of one user. Thread-safe.
  void notify(std::int64_t user_id, aerie::Value const& notification);

 private:
  void opened(aerie::Namespace& nsp);
  void authenticate(aerie::Socket& socket);
  void connected(aerie::Socket& socket);

  Tokens const& tokens_;
  aerie::Namespace* nsp_ = nullptr;
};

}  // namespace reference::events
