#pragma once

/// \file
/// The names that things of one word or several have in a project: `aerie generate gateway chat-room` makes
/// ChatRoomGateway in src/chat_room/chat_room_gateway.hpp. Functions without state: callable from any thread.

#include <string>
#include <string_view>
#include <vector>

namespace aerie::cli {

/// A name in lower-case words: "chat-room", "ChatRoom", "chatRoom" and "chat_room" are all chat, room.
class Name {
 public:
  /// Throws CommandError if C++ cannot have it: text that names what is wrong and the remedy.
  explicit Name(std::string_view text);

  std::string snake() const;   ///< chat_room
  std::string kebab() const;   ///< chat-room
  std::string pascal() const;  ///< ChatRoom

  /// Without a last word that says what it is anyway: the gateway "ChatGateway" is called chat.
  Name without_suffix(std::string_view word) const;

 private:
  explicit Name(std::vector<std::string> words) : words_(std::move(words)) {}
  std::string joined(std::string_view separator) const;

  std::vector<std::string> words_;
};

/// The candidate that somebody who wrote `text` may have meant; empty if none is near.
std::string_view nearest(std::string_view text, std::vector<std::string_view> const& candidates);

}  // namespace aerie::cli
