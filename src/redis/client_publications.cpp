#include "redis/client_state.hpp"

#include <aerie/core/shard.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

// Publications keep their order while they wait: for those who are to hear them, and for a Redis that takes
// none.
namespace aerie { inline namespace v1 { namespace redis {

/// Whoever has lost Redis together with this client comes back about now, and what is published before it has
/// subscribed again would be lost.
void ClientState::came_back(Link const& link) {
  pause_of_others_ = link.pause_of_others();
  if (cluster_) pause_of_others_ = std::max(pause_of_others_, between_questions_for_slots);
  hold_back_publications(restoring_ == 0 ? pause_of_others_ : longest_restoring);
}

void ClientState::hold_back_publications(core::Milliseconds time) {
  holding_ = true;
  held_until_ = shard_.clock().now() + time;
  if (!waiting_.empty() || !set_back_.empty()) plan_waiting(held_until_);
}

void ClientState::release_publications_if_due() {
  if (!holding_ || shard_.clock().now() < held_until_) return;
  return_set_back();
  if (none_taken_ && try_one()) return;
  release_publications();
}

void ClientState::release_publications() {
  return_set_back();
  holding_ = false;
  none_taken_ = false;
  flush_waiting();
}

/// Redis has not taken a publication: all wait, and one of them is tried after a while.
void ClientState::set_back(Command command) {
  command.refused = true;
  waiting_charge_.resize(waiting_charge_.bytes() + command.cost);
  set_back_.push_back(std::move(command));
  none_taken_ = true;
  auto const until = shard_.clock().now() + options_.reconnect_delay;
  if (!holding_ || held_until_ < until) hold_back_publications(options_.reconnect_delay);
  plan_waiting(held_until_);
}

/// They were called before everything that waits, on each link in their order.
void ClientState::return_set_back() {
  if (set_back_.empty()) return;
  std::ranges::sort(set_back_, {}, &Command::number);
  waiting_.insert(waiting_.begin(), std::make_move_iterator(set_back_.begin()),
                  std::make_move_iterator(set_back_.end()));
  set_back_.clear();
}

/// Sends the first publication that can be sent, to see whether it is taken. False: there is none.
bool ClientState::try_one() {
  holding_ = false;
  Link* link = nullptr;
  auto const first = std::find_if(waiting_.begin(), waiting_.end(), [&](Command const& each) {
    link = each.publication ? link_for(each) : nullptr;
    return link != nullptr;
  });
  if (first == waiting_.end()) return false;
  holding_ = true;
  // If nothing comes of it, the next one is tried.
  held_until_ = shard_.clock().now() + longest_restoring;
  auto command = std::move(*first);
  waiting_.erase(first);
  waiting_charge_.resize(waiting_charge_.bytes() - command.cost);
  if (!command.refused) ++stats_.commands;
  link->send(std::move(command));
  return true;
}

/// Redis takes publications. Those that it has not taken and that were called before this one on the same
/// link are overtaken, and given up: they would come out of their order.
void ClientState::taken(Link const& link, std::uint64_t number) {
  return_set_back();
  std::vector<Command> overtaken;
  std::deque<Command> kept;
  for (auto& each : waiting_) {
    auto const* const owner = cluster_ && each.slot >= 0 ? cluster_->map.owner(each.slot) : nullptr;
    auto const same_link = owner == nullptr || *owner == link.address();
    if (each.refused && each.number < number && same_link) {
      waiting_charge_.resize(waiting_charge_.bytes() - each.cost);
      overtaken.push_back(std::move(each));
    } else {
      kept.push_back(std::move(each));
    }
  }
  waiting_.swap(kept);
  release_publications();
  answer_later(std::move(overtaken), CommandError::not_sent, stats_.dropped);
  answer_all();
}

}}}  // namespace aerie::v1::redis
