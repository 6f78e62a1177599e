#pragma once

/// \file
/// What was said last in anonymous channels. Nothing of it is stored: a channel nobody has spoken in for long
/// is forgotten first. Thread-safe.

#include <aerie/schema/codec.hpp>
#include <aerie/schema/date.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chat {

struct ChannelMessage {
  /// Rises within a channel. What is said on two instances at the same moment may have the same: then `from`
  /// and `sent_at` tell them apart.
  std::int64_t id = 0;
  /// "guest-3f9a2c": made up for each connection.
  std::string from;
  std::string content;
  aerie::Date sent_at;
  /// Chosen by the speaker's client: the same id again is the same message.
  std::optional<std::string> client_id = std::nullopt;

  static void describe(aerie::Schema<ChannelMessage>& s) {
    s.field<&ChannelMessage::id>();
    s.field<&ChannelMessage::from>();
    s.field<&ChannelMessage::content>();
    s.field<&ChannelMessage::sent_at>("sentAt");
    s.field<&ChannelMessage::client_id>("clientId");
  }
};

class ChannelBacklog {
 public:
  static constexpr std::size_t messages_kept = 50;
  static constexpr std::size_t channels_kept = 1000;

  struct Added {
    ChannelMessage message;
    /// False: it was said before, perhaps on another connection or instance.
    bool is_new = true;
  };
  /// Keeps a message, and gives it its id: one more than all that are known. One whose client id is that of a
  /// message which is kept is that message.
  Added add(std::string_view channel, ChannelMessage message);
  /// Keeps what was said on other instances; what is known already does no harm.
  void merge(std::string_view channel, std::vector<ChannelMessage> const& messages);
  /// Oldest first.
  std::vector<ChannelMessage> recent(std::string_view channel) const;

 private:
  struct Channel {
    std::string name;
    std::int64_t last_id = 0;
    std::vector<ChannelMessage> messages;
  };
  using Channels = std::list<Channel>;  // the one spoken in last is the first

  /// With the lock held: makes it the first.
  Channel& spoken_in(std::string_view channel);

  std::mutex mutable mutex_;
  Channels channels_;
  // The views are of the names in the list, whose elements do not move.
  std::unordered_map<std::string_view, Channels::iterator> by_name_;
};

}  // namespace chat
