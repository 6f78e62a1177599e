#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::events {

/// The main namespace.
class RootGateway {
 public:
  static void describe(aerie::Gateway<RootGateway>& g);

 private:
  void connected(aerie::Socket& socket);
  std::string whoami(aerie::Namespace& nsp);
};

/// A namespace for each room number.
class RoomGateway {
 public:
  static void describe(aerie::Gateway<RoomGateway>& g);

 private:
  void connected(aerie::Socket& socket);
  void say(aerie::Namespace& nsp, aerie::Value const& text);
};

/// A mistake that is often made: it takes the user for known where no guard has run yet.
class NaiveGateway {
 public:
  static void describe(aerie::Gateway<NaiveGateway>& g);

 private:
  void connected(aerie::Socket& socket);
};

/// Clients only listen here.
class ChatGateway {
 public:
  static void describe(aerie::Gateway<ChatGateway>& g);

  /// To everybody in the namespace. Thread-safe.
  void broadcast(aerie::Value const& message);

 private:
  void opened(aerie::Namespace& nsp);

  aerie::Namespace* nsp_ = nullptr;
};

}  // namespace reference::events
