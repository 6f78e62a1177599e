#pragma once

#include "rebook/messages.hpp"
#include "shared/tokens.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <string>

namespace reference::rebook {

struct RoomRequest {
  std::int64_t chat_room_id = 0;

  static void describe(aerie::Schema<RoomRequest>& s);
};

struct NewMessage {
  std::int64_t chat_room_id = 0;
  std::string content;

  static void describe(aerie::Schema<NewMessage>& s);
};

struct Joined {
  std::int64_t joined = 0;
  std::string as;

  static void describe(aerie::Schema<Joined>& s);
};

struct Left {
  std::int64_t left = 0;

  static void describe(aerie::Schema<Left>& s);
};

struct Typing {
  std::int64_t chat_room_id = 0;
  std::string who;

  static void describe(aerie::Schema<Typing>& s);
};

/// Who has connected: a user, or a guest.
struct Member {
  std::string name;

  static Member const& extract(aerie::ExecutionContext& context) { return context.socket().get<Member>(); }
};

/// The chat of a book market: buyers and sellers talk in rooms.
class ChatGateway {
 public:
  ChatGateway(MessageStore& store, Tokens const& tokens) : store_(store), tokens_(tokens) {}
  static void describe(aerie::Gateway<ChatGateway>& g);

  /// Stores a message and shows it to everybody in its room. Thread-safe.
  Message post(std::int64_t chat_room_id, std::string sender, std::string content);

 private:
  void opened(aerie::Server& server);
  void connected(aerie::Socket& socket);
  Joined join(aerie::Socket& socket, Member const& member, RoomRequest const& request);
  Left leave(aerie::Socket& socket, RoomRequest const& request);
  std::int64_t send(Member const& member, NewMessage const& message);
  void typing(aerie::Socket& socket, Member const& member, RoomRequest const& request);

  MessageStore& store_;
  Tokens const& tokens_;
  aerie::Server* server_ = nullptr;
};

}  // namespace reference::rebook
