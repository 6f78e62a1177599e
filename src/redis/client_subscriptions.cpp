#include "redis/client_state.hpp"
#include "redis/trouble.hpp"

#include <aerie/core/log.hpp>

#include <utility>
#include <vector>

// The subscriptions of a client: on which link they are, and what becomes of them when it goes.
namespace aerie { inline namespace v1 { namespace redis {

Subscription ClientState::subscribe(SubscriptionKind kind, std::string_view name,
                                    Client::OnMessage on_message, Client::OnSubscribed on_subscribed) {
  auto const first = subscriptions_.empty();
  auto listening = subscriptions_.add(*this, kind, name, std::move(on_message), std::move(on_subscribed));
  auto& channel = *listening->channel;
  if (open_) {
    if (channel.at == nullptr) request(channel);
    // Not one that is asked for on a connection which is there: others might follow without end.
    if (channel.at == nullptr && change_.state != State::ready && !std::exchange(channel.restoring, true))
      ++restoring_;
    if (first && !subscriber_->ready()) subscriber_->open();
  }
  return Subscription(std::move(listening));
}

void ClientState::unsubscribe(Listening& listening) {
  auto* const channel = listening.channel;
  if (!subscriptions_.remove(listening)) return;
  if (channel->at != nullptr && channel->at->ready()) channel->at->unsubscribe(channel->kind, channel->name);
  auto const was_restoring = channel->restoring;
  not_restoring(*channel);
  subscriptions_.forget(*channel);
  if (was_restoring) update();
}

void ClientState::request(Channel& channel) {
  auto* const link = link_for(channel);
  if (link == nullptr) return;
  channel.at = link;
  channel.ticket = ++last_ticket_;
  channel.refused = false;
  link->subscribe(channel.kind, channel.name, channel.ticket);
}

void ClientState::request_all(Link& link) {
  subscriptions_.for_each([&](Channel& channel) {
    if (channel.at == nullptr && link_for(channel) == &link) request(channel);
  });
}

void ClientState::received(Link& link, SubscriptionKind kind, Message const& message) {
  if (is_sentinel(link)) return master_switched(message.payload);
  ++stats_.messages;
  subscriptions_.dispatch(kind, message);
}

void ClientState::confirmed(SubscriptionKind kind, std::string_view name, std::uint64_t ticket) {
  auto* const channel = subscriptions_.find(kind, name);
  if (channel == nullptr || channel->ticket != ticket) return;
  channel->confirmed = true;
  channel->redirections = 0;
  auto const again = std::exchange(channel->was_confirmed, true);
  not_restoring(*channel);
  subscriptions_.tell_confirmed(*channel, again);
  update();
}

void ClientState::refused(Link& link, SubscriptionKind kind, std::string_view name, std::uint64_t ticket,
                          Reply const& error) {
  auto* const channel = subscriptions_.find(kind, name);
  if (channel == nullptr || channel->ticket != ticket) return;
  channel->at = nullptr;
  if (redirect(link, *channel, error)) return;
  channel->redirections = 0;
  channel->refused = true;
  not_restoring(*channel);
  if (!refused_timer_.pending()) shard_.start(refused_timer_, options_.reconnect_delay_max);
  ill(&subscriptions_, trouble_of(error),
      core::concat("Redis at ", link.address().text(), " refuses a subscription to ", name, ": ",
                   error.text()));
}

void ClientState::try_refused_again() {
  well(&subscriptions_);
  if (!open_) return;
  subscriptions_.for_each([this](Channel& channel) {
    if (channel.refused) request(channel);
  });
}

void ClientState::ended(SubscriptionKind kind, std::string_view name) {
  auto* const channel = subscriptions_.find(kind, name);
  if (channel == nullptr || channel->at == nullptr || !channel->confirmed) return;
  ++stats_.gaps;
  channel->at = nullptr;
  channel->confirmed = false;
  request(*channel);
  if (cluster_) ask_for_slots();
}

void ClientState::not_restoring(Channel& channel) {
  if (!std::exchange(channel.restoring, false) || --restoring_ > 0) return;
  if (holding_) hold_back_publications(pause_of_others_);
}

/// What was subscribed on a link is not any more, and the client is not ready before it is again.
void ClientState::interrupted(Link const& link) {
  auto gap = false;
  subscriptions_.for_each([&](Channel& channel) {
    if (channel.at != &link) return;
    channel.at = nullptr;
    gap = std::exchange(channel.confirmed, false) || gap;
    if (!std::exchange(channel.restoring, true)) ++restoring_;
  });
  if (!gap) return;
  ++stats_.gaps;
  hold_back_publications(longest_restoring);
}

}}}  // namespace aerie::v1::redis
