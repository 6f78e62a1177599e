#include "channels/channel_backlog.hpp"

#include <utility>

namespace chat {

ChannelMessage ChannelBacklog::add(std::string_view channel, ChannelMessage message) {
  std::scoped_lock const lock(mutex_);
  if (auto const found = by_name_.find(channel); found != by_name_.end()) {
    channels_.splice(channels_.begin(), channels_, found->second);
  } else {
    channels_.push_front({std::string(channel), 0, {}});
    by_name_.emplace(channels_.front().name, channels_.begin());
  }
  auto& spoken_in = channels_.front();
  message.id = ++spoken_in.last_id;
  if (spoken_in.messages.size() == messages_kept) spoken_in.messages.erase(spoken_in.messages.begin());
  spoken_in.messages.push_back(message);
  if (channels_.size() > channels_kept) {
    by_name_.erase(channels_.back().name);
    channels_.pop_back();
  }
  return message;
}

std::vector<ChannelMessage> ChannelBacklog::recent(std::string_view channel) const {
  std::scoped_lock const lock(mutex_);
  auto const found = by_name_.find(channel);
  return found == by_name_.end() ? std::vector<ChannelMessage>() : found->second->messages;
}

}  // namespace chat
