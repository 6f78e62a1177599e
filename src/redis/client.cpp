#include "redis/client_state.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/redis/client.hpp>

#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace redis {

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    reset();
    listening_ = std::move(other.listening_);
  }
  return *this;
}

void Subscription::reset() noexcept {
  auto const listening = std::exchange(listening_, nullptr);
  if (listening && listening->client != nullptr) listening->client->unsubscribe(*listening);
}

bool Subscription::active() const noexcept {
  return listening_ && listening_->channel != nullptr && listening_->channel->confirmed;
}

Client::Client(core::Shard& shard, ClientOptions options)
    : state_(std::make_unique<ClientState>(shard, std::move(options))) {}

Client::~Client() {
  state_->abandon();
  auto& shard = state_->shard();
  shard.retire(std::move(state_));
}

void Client::open() {
  state_->open();
}

void Client::close() {
  state_->close();
}

State Client::state() const noexcept {
  return state_->last_change().state;
}

StateChange const& Client::last_change() const noexcept {
  return state_->last_change();
}

ClientStats Client::stats() const noexcept {
  return state_->stats();
}

bool Client::command(std::initializer_list<std::string_view> args, OnAnswer done, CommandOptions options) {
  return command(std::span(args.begin(), args.size()), std::move(done), options);
}

bool Client::command(std::span<std::string_view const> args, OnAnswer done, CommandOptions options) {
  return state_->command(args, std::move(done), options);
}

void Client::command_everywhere(std::span<std::string_view const> args, OnAnswers done,
                                CommandOptions options) {
  // Every node has slots of its own, and what is sent to one of them goes there.
  auto slots = state_->slot_of_each_node();
  if (slots.empty()) slots.push_back(-1);
  struct Answers {
    std::vector<Answer> all;
    std::size_t wanted;
    OnAnswers done;
  };
  auto const answers = std::make_shared<Answers>(Answers{{}, slots.size(), std::move(done)});
  for (auto const slot : slots) {
    auto const each = [answers](Answer answer) {
      answers->all.push_back(std::move(answer));
      if (answers->all.size() == answers->wanted) answers->done(std::move(answers->all));
    };
    state_->command(args, each, options, {.slot = slot});
  }
}

bool Client::publish(std::string_view channel, std::string_view payload, OnAnswer done) {
  CommandOptions options;
  options.key = std::string_view();
  return state_->command(std::array{std::string_view("PUBLISH"), channel, payload}, std::move(done), options,
                         {.publication = true});
}

bool Client::spublish(std::string_view channel, std::string_view payload, OnAnswer done) {
  return state_->command(std::array{std::string_view("SPUBLISH"), channel, payload}, std::move(done), {},
                         {.publication = true});
}

bool Client::append(std::span<std::string_view const> args, OnAnswer done, CommandOptions options) {
  return state_->command(args, std::move(done), options, {.publication = true});
}

Subscription Client::subscribe(std::string_view channel, OnMessage on_message, OnSubscribed on_subscribed) {
  return state_->subscribe(SubscriptionKind::channel, channel, std::move(on_message),
                           std::move(on_subscribed));
}

Subscription Client::psubscribe(std::string_view pattern, OnMessage on_message, OnSubscribed on_subscribed) {
  return state_->subscribe(SubscriptionKind::pattern, pattern, std::move(on_message),
                           std::move(on_subscribed));
}

Subscription Client::ssubscribe(std::string_view channel, OnMessage on_message, OnSubscribed on_subscribed) {
  return state_->subscribe(SubscriptionKind::shard, channel, std::move(on_message), std::move(on_subscribed));
}

}}}  // namespace aerie::v1::redis
