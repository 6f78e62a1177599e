#pragma once

/// \file
/// What clients send and are answered over Socket.IO. Plain values.

#include "errors.hpp"
#include "model.hpp"

#include <aerie/schema/codec.hpp>

#include <optional>
#include <string>
#include <vector>

namespace chat {

/// What `joinRoom` carries.
struct RoomRequest {
  RoomId chat_room_id = 0;

  static void describe(aerie::Schema<RoomRequest>& s) { s.field<&RoomRequest::chat_room_id>("chatRoomId"); }
};

struct LeaveRequest {
  RoomId chat_room_id = 0;
  std::optional<bool> everywhere;

  static void describe(aerie::Schema<LeaveRequest>& s) {
    s.field<&LeaveRequest::chat_room_id>("chatRoomId");
    s.field<&LeaveRequest::everywhere>().description(
        "True: the user takes no more part in it, on any device. Otherwise it is this connection that "
        "leaves.");
  }
};

struct MarkReadRequest {
  RoomId chat_room_id = 0;
  MessageId up_to = 0;

  static void describe(aerie::Schema<MarkReadRequest>& s) {
    s.field<&MarkReadRequest::chat_room_id>("chatRoomId");
    s.field<&MarkReadRequest::up_to>("upTo").minimum(0).description(
        "The last message that was seen; 0: none.");
  }
};

struct SendRequest {
  RoomId chat_room_id = 0;
  std::string content;
  std::string client_id;

  static void describe(aerie::Schema<SendRequest>& s) {
    s.field<&SendRequest::chat_room_id>("chatRoomId");
    s.field<&SendRequest::content>().description("1 to 2000 characters.");
    s.field<&SendRequest::client_id>("clientId")
        .description("Made up by the client: the same id is the same message.");
  }
};

struct SendImageRequest {
  RoomId chat_room_id = 0;
  std::string content;
  std::string client_id;
  aerie::Bytes image;

  static void describe(aerie::Schema<SendImageRequest>& s) {
    s.field<&SendImageRequest::chat_room_id>("chatRoomId");
    s.field<&SendImageRequest::content>().description(
        "What is to be seen, for those who do not see it: up to 2000 characters.");
    s.field<&SendImageRequest::client_id>("clientId")
        .description("Made up by the client: the same id is the same message.");
    s.field<&SendImageRequest::image>().description("PNG, JPEG, GIF or WebP, up to 1 MiB.");
  }
};

struct EditRequest {
  RoomId chat_room_id = 0;
  MessageId id = 0;
  std::string content;

  static void describe(aerie::Schema<EditRequest>& s) {
    s.field<&EditRequest::chat_room_id>("chatRoomId");
    s.field<&EditRequest::id>();
    s.field<&EditRequest::content>().description("1 to 2000 characters.");
  }
};

struct DeleteRequest {
  RoomId chat_room_id = 0;
  MessageId id = 0;

  static void describe(aerie::Schema<DeleteRequest>& s) {
    s.field<&DeleteRequest::chat_room_id>("chatRoomId");
    s.field<&DeleteRequest::id>();
  }
};

struct TypingRequest {
  RoomId chat_room_id = 0;
  bool typing = false;

  static void describe(aerie::Schema<TypingRequest>& s) {
    s.field<&TypingRequest::chat_room_id>("chatRoomId");
    s.field<&TypingRequest::typing>();
  }
};

struct TypingNews {
  RoomId chat_room_id = 0;
  User user;
  bool typing = false;

  static void describe(aerie::Schema<TypingNews>& s) {
    s.field<&TypingNews::chat_room_id>("chatRoomId");
    s.field<&TypingNews::user>();
    s.field<&TypingNews::typing>();
  }
};

/// Who is in a room.
struct OnlineNews {
  RoomId chat_room_id = 0;
  std::vector<User> users;

  static void describe(aerie::Schema<OnlineNews>& s) {
    s.field<&OnlineNews::chat_room_id>("chatRoomId");
    s.field<&OnlineNews::users>();
  }
};

struct Joined {
  bool ok = true;
  Room room;
  std::vector<User> online;

  static void describe(aerie::Schema<Joined>& s) {
    s.field<&Joined::ok>().equals(true);
    s.field<&Joined::room>();
    s.field<&Joined::online>();
  }
};

struct Left {
  bool ok = true;

  static void describe(aerie::Schema<Left>& s) { s.field<&Left::ok>().equals(true); }
};

struct MarkedRead {
  bool ok = true;
  ReadState state;

  static void describe(aerie::Schema<MarkedRead>& s) {
    s.field<&MarkedRead::ok>().equals(true);
    s.field<&MarkedRead::state>();
  }
};

struct Sent {
  bool ok = true;
  Message message;

  static void describe(aerie::Schema<Sent>& s) {
    s.field<&Sent::ok>().equals(true);
    s.field<&Sent::message>();
  }
};

}  // namespace chat
