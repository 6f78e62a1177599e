#include "redis/subscriptions.hpp"

#include <aerie/core/user_code.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace redis {

Subscriptions::~Subscriptions() {
  for_each([](Channel& channel) {
    for (auto const& listening : channel.listeners) {
      listening->client = nullptr;
      listening->channel = nullptr;
    }
  });
}

std::shared_ptr<Listening> Subscriptions::add(ClientState& client, SubscriptionKind kind,
                                              std::string_view name, Client::OnMessage on_message,
                                              Client::OnSubscribed on_subscribed) {
  auto* channel = find(kind, name);
  if (channel == nullptr) {
    std::string key(name);
    channel = &table(kind).emplace(key, Channel{.name = key, .kind = kind}).first->second;
  }
  channel->listeners.push_back(std::make_shared<Listening>(
      Listening{&client, channel, std::move(on_message), std::move(on_subscribed)}));
  return channel->listeners.back();
}

bool Subscriptions::remove(Listening& listening) {
  auto* const channel = std::exchange(listening.channel, nullptr);
  listening.client = nullptr;
  if (channel == nullptr) return false;
  std::erase_if(channel->listeners, [&](auto const& each) { return each.get() == &listening; });
  return channel->listeners.empty();
}

void Subscriptions::forget(Channel& channel) {
  auto& all = table(channel.kind);
  all.erase(all.find(channel.name));
}

Channel* Subscriptions::find(SubscriptionKind kind, std::string_view name) {
  auto const found = table(kind).find(name);
  return found == table(kind).end() ? nullptr : &found->second;
}

bool Subscriptions::empty() const noexcept {
  return std::all_of(tables_.begin(), tables_.end(), [](auto const& each) { return each.empty(); });
}

template <class Call>
void Subscriptions::call_each(Channel const& channel, Call call) {
  if (channel.listeners.size() == 1) {
    auto const only = channel.listeners.front();
    call(*only);
    return;
  }
  auto const all = channel.listeners;
  for (auto const& listening : all) {
    if (listening->channel != nullptr) call(*listening);
  }
}

void Subscriptions::dispatch(SubscriptionKind kind, Message const& message) {
  auto const* const channel =
      find(kind, kind == SubscriptionKind::pattern ? message.pattern : message.channel);
  if (channel == nullptr) return;
  call_each(*channel, [&](Listening& listening) {
    core::call_user(log_, {"redis", "who listens to", message.channel}, listening.on_message, message);
  });
}

void Subscriptions::tell_confirmed(Channel& channel, bool again) {
  auto const name = channel.name;
  call_each(channel, [&](Listening& listening) {
    if (listening.on_subscribed)
      core::call_user(log_, {"redis", "who has subscribed to", name}, listening.on_subscribed, again);
  });
}

}}}  // namespace aerie::v1::redis
