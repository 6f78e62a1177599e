#include "redis/client_state.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

// A Redis Cluster: which node has what, and the links to the nodes that are needed.
namespace aerie { inline namespace v1 { namespace redis {

namespace {

// Two nodes that send a command to and fro will not agree soon.
constexpr std::uint8_t most_redirections = 5;

}  // namespace

void ClientState::enter_cluster() {
  if (!cluster_) cluster_ = std::make_unique<Cluster>();
  ask_for_slots_now();
}

/// Not at once: whoever is asked may not know it yet.
void ClientState::ask_for_slots_soon() {
  if (cluster_->asking) {
    cluster_->once_more = true;
  } else if (!slots_timer_.pending()) {
    shard_.start(slots_timer_, between_questions_for_slots);
  }
}

/// Now, or soon if they were asked for a moment ago.
void ClientState::ask_for_slots() {
  if (cluster_->asking) {
    cluster_->once_more = true;
  } else if (!slots_timer_.pending()) {
    ask_for_slots_now();
  }
}

void ClientState::ask_for_slots_now() {
  if (cluster_->asking) return;
  Link* asked = nullptr;
  for_each_link([&](Link& link) {
    if (asked == nullptr && link.ready() && link.role() == Connection::Role::commands) asked = &link;
  });
  shard_.start(slots_timer_, between_questions_for_slots);
  if (asked == nullptr) return;
  cluster_->asking = true;
  cluster_->once_more = false;
  // Not one of the user's: it counts nowhere, and there is a place for it in a full outbox.
  Command command{.done = [this, address = asked->address()](Answer answer) { take_slots(answer, address); },
                  .deadline = shard_.clock().now() + options_.command_timeout};
  asked->send(std::array{std::string_view("CLUSTER"), std::string_view("SLOTS")}, std::move(command));
}

void ClientState::take_slots(Answer const& answer, core::Address const& asked) {
  if (!cluster_) return;
  cluster_->asking = false;
  auto map = answer ? SlotMap::parse(answer.reply, asked) : std::nullopt;
  if (map) {
    cluster_->map = std::move(*map);
    follow_slots();
    if (!cluster_) return;
  }
  if (!map) {
    ill(cluster_.get(), Trouble::cluster_down,
        core::concat("Redis at ", asked.text(), " does not say who has which slot: ",
                     answer ? std::string_view("it answers something else") : answer.why()));
  } else if (!cluster_->map.complete()) {
    ill(cluster_.get(), Trouble::cluster_down,
        "some slots of the Redis Cluster have no owner: see CLUSTER INFO, and its cluster_state");
  } else {
    well(cluster_.get());
  }
  if (!cluster_) return;
  auto const amiss = std::any_of(ills_.begin(), ills_.end(),
                                 [this](Ill const& each) { return each.who != &subscriptions_; });
  auto const settled = !amiss && !cluster_->once_more;
  if (settled) {
    slots_timer_.cancel();
  } else if (!slots_timer_.pending()) {
    shard_.start(slots_timer_, between_questions_for_slots);
  }
  update();
}

/// Who has nothing any more is left, and what is not subscribed, or waits, goes where it belongs by the
/// present map. What is subscribed stays where it is: a node that loses a slot ends its subscriptions itself,
/// and this map may be older than that.
void ClientState::follow_slots() {
  leave_unnamed_nodes();
  subscriptions_.for_each([this](Channel& channel) {
    if (channel.kind == SubscriptionKind::shard && channel.at == nullptr && !channel.refused)
      request(channel);
  });
  flush_waiting();
  answer_all();
}

void ClientState::leave_unnamed_nodes() {
  auto const& named = cluster_->map.nodes();
  for (auto at = cluster_->nodes.begin(); at != cluster_->nodes.end();) {
    auto& node = at->second;
    auto const was_named = node.named;
    node.named = std::find(named.begin(), named.end(), node.address) != named.end();
    // One that is just being given its first slots is not named yet.
    auto const alive =
        (node.commands && node.commands->ready()) || (node.subscriber && node.subscriber->ready());
    if (node.named || (!was_named && alive)) {
      ++at;
      continue;
    }
    for (auto* const link : {&node.commands, &node.subscriber}) {
      if (!*link) continue;
      answer_later((*link)->close(), CommandError::connection_lost, stats_.unconfirmed);
      interrupted(**link);
      std::erase_if(ills_, [&](Ill const& each) { return each.who == link->get(); });
      shard_.retire(std::move(*link));
    }
    at = cluster_->nodes.erase(at);
  }
}

std::vector<std::int16_t> ClientState::slot_of_each_node() const {
  return cluster_ ? cluster_->map.slot_of_each_node() : std::vector<std::int16_t>{};
}

/// Made when it is needed first.
Link* ClientState::node_link(core::Address const& address, Connection::Role role) {
  auto& node = cluster_->nodes[address.text()];
  node.address = address;
  auto& link = role == Connection::Role::commands ? node.commands : node.subscriber;
  if (!link) {
    link = make_link(role);
    link->open();
  }
  return link.get();
}

ClientState::Node* ClientState::node_of(Link const& link) {
  if (!cluster_) return nullptr;
  for (auto& [name, node] : cluster_->nodes) {
    if (node.commands.get() == &link || node.subscriber.get() == &link) return &node;
  }
  return nullptr;
}

bool ClientState::redirect(Link& link, Command& command, Reply const& reply) {
  if (!cluster_ || command.text.empty() || command.redirections >= most_redirections) return false;
  auto const to = Redirection::parse(reply, link.address());
  if (!to) return false;
  ++command.redirections;
  if (to->ask) {
    command.ask_at = to->address;
  } else {
    cluster_->map.set_owner(to->slot, to->address);
    ask_for_slots_soon();
  }
  node_link(to->address, Connection::Role::commands);
  wait(std::move(command));
  flush_waiting();
  return true;
}

bool ClientState::redirect(Link& link, Channel& channel, Reply const& error) {
  if (!cluster_ || channel.redirections >= most_redirections) return false;
  auto const to = Redirection::parse(error, link.address());
  if (!to || to->ask) return false;
  ++channel.redirections;
  cluster_->map.set_owner(to->slot, to->address);
  request(channel);
  ask_for_slots_soon();
  return true;
}

}}}  // namespace aerie::v1::redis
