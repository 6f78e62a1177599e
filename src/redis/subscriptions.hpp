#pragma once

#include "redis/connection.hpp"

#include <aerie/core/keyed_hash.hpp>
#include <aerie/core/log.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

class ClientState;
class Link;

/// A channel or pattern with all who listen to it here.
struct Channel {
  std::string name;
  SubscriptionKind kind;
  std::vector<std::shared_ptr<Listening>> listeners = {};
  /// Where it is subscribed, or has been asked to be; null: nowhere.
  Link* at = nullptr;
  /// Of the last request: confirmations of earlier ones do not count.
  std::uint64_t ticket = 0;
  bool confirmed = false;
  bool was_confirmed = false;
  /// The client is not ready before it is confirmed.
  bool restoring = false;
  /// Redis will not have it; asked again from time to time.
  bool refused = false;
  /// How often the present request was sent elsewhere.
  std::uint8_t redirections = 0;
};

/// One who listens. Shared by the client and by whoever has the Subscription; may outlive the client.
struct Listening {
  ClientState* client;  // null: gone
  Channel* channel;     // null: it does not listen any more
  Client::OnMessage on_message;
  Client::OnSubscribed on_subscribed;
};

/// Who listens to what. Knows nothing of connections.
class Subscriptions {
 public:
  explicit Subscriptions(Logger const& log) noexcept : log_(log) {}
  ~Subscriptions();
  Subscriptions(Subscriptions const&) = delete;
  Subscriptions& operator=(Subscriptions const&) = delete;

  std::shared_ptr<Listening> add(ClientState& client, SubscriptionKind kind, std::string_view name,
                                 Client::OnMessage on_message, Client::OnSubscribed on_subscribed);
  /// Takes one out. True if it was the last one of its channel, which `forget` is for, then.
  bool remove(Listening& listening);
  void forget(Channel& channel);
  Channel* find(SubscriptionKind kind, std::string_view name);
  bool empty() const noexcept;

  /// Calls everybody who listens. They may do anything meanwhile, also add and remove.
  void dispatch(SubscriptionKind kind, Message const& message);
  /// Tells everybody that it is confirmed.
  void tell_confirmed(Channel& channel, bool again);

  /// `visit` may not add or remove.
  template <class Visit>
  void for_each(Visit visit) {
    for (auto& table : tables_) {
      for (auto& [name, channel] : table)
        visit(channel);
    }
  }

 private:
  using Table = std::unordered_map<std::string, Channel, core::KeyedHash, std::equal_to<>>;

  Table& table(SubscriptionKind kind) noexcept { return tables_[static_cast<std::size_t>(kind)]; }
  template <class Call>
  void call_each(Channel const& channel, Call call);

  Logger const& log_;
  std::array<Table, 3> tables_;
};

}}}  // namespace aerie::v1::redis
