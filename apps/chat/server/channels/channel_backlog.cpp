#include "channels/channel_backlog.hpp"

#include <algorithm>
#include <utility>

namespace chat {

namespace {

/// Nobody says two things under one id.
auto order_of(ChannelMessage const& message) {
  return std::pair(message.id, std::string_view(message.from));
}

}  // namespace

ChannelBacklog::Added ChannelBacklog::add(std::string_view channel, ChannelMessage message) {
  std::scoped_lock const lock(mutex_);
  auto& kept = spoken_in(channel);
  if (message.client_id) {
    auto const same = std::ranges::find(kept.messages, message.client_id, &ChannelMessage::client_id);
    if (same != kept.messages.end()) return {*same, false};
  }
  message.id = ++kept.last_id;
  if (kept.messages.size() == messages_kept) kept.messages.erase(kept.messages.begin());
  kept.messages.push_back(message);
  return {std::move(message), true};
}

void ChannelBacklog::merge(std::string_view channel, std::vector<ChannelMessage> const& messages) {
  if (messages.empty()) return;
  std::scoped_lock const lock(mutex_);
  auto& kept = spoken_in(channel);
  for (auto const& message : messages) {
    auto const place = std::ranges::lower_bound(kept.messages, order_of(message), {}, order_of);
    if (place != kept.messages.end() && order_of(*place) == order_of(message)) continue;
    kept.messages.insert(place, message);
    kept.last_id = std::max(kept.last_id, message.id);
  }
  if (kept.messages.size() > messages_kept) {
    auto const surplus = static_cast<std::ptrdiff_t>(kept.messages.size() - messages_kept);
    kept.messages.erase(kept.messages.begin(), kept.messages.begin() + surplus);
  }
}

ChannelBacklog::Channel& ChannelBacklog::spoken_in(std::string_view channel) {
  if (auto const found = by_name_.find(channel); found != by_name_.end()) {
    channels_.splice(channels_.begin(), channels_, found->second);
    return channels_.front();
  }
  channels_.push_front({std::string(channel), 0, {}});
  by_name_.emplace(channels_.front().name, channels_.begin());
  if (channels_.size() > channels_kept) {
    by_name_.erase(channels_.back().name);
    channels_.pop_back();
  }
  return channels_.front();
}

std::vector<ChannelMessage> ChannelBacklog::recent(std::string_view channel) const {
  std::scoped_lock const lock(mutex_);
  auto const found = by_name_.find(channel);
  return found == by_name_.end() ? std::vector<ChannelMessage>() : found->second->messages;
}

}  // namespace chat
