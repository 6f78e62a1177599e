#include "redis/client_state.hpp"

#include "redis/command_text.hpp"
#include "redis/options_check.hpp"
#include "redis/trouble.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

namespace aerie { inline namespace v1 { namespace redis {

namespace {

// What a command costs beside its bytes, about.
constexpr std::size_t cost_of_waiting = 128;

std::size_t cost_of(std::span<std::string_view const> args) noexcept {
  std::size_t cost = cost_of_waiting;
  for (auto const arg : args)
    cost += arg.size() + 16;
  return cost;
}

/// Where a command goes in a cluster; -1: anywhere.
std::int16_t slot_for(std::span<std::string_view const> args, CommandOptions const& options) noexcept {
  if (options.key) return options.key->empty() ? std::int16_t{-1} : slot_of(*options.key);
  return args.size() > 1 ? slot_of(args[1]) : std::int16_t{-1};
}

/// Errors that are about the state of the server, not about a command: they pass, or somebody has to act.
bool is_of_the_server(Reply const& error) noexcept {
  return is_passing(error) || error.error_code() == "NOAUTH";
}

}  // namespace

ClientState::ClientState(core::Shard& shard, ClientOptions options)
    : shard_(shard),
      options_(std::move(options)),
      url_(Url::parse(options_.url)),
      topology_(checked_topology(options_, url_)),
      tls_(url_.tls ? tls::Context::client(options_.tls) : nullptr),
      log_(shard.runtime().log()),
      subscriptions_(log_),
      waiting_charge_(shard.account(), 0),
      random_(std::random_device()()) {}

ClientState::~ClientState() {
  abandon();
}

void ClientState::open() {
  if (std::exchange(open_, true)) return;
  was_ready_ = false;
  holding_ = false;
  none_taken_ = false;
  update();
  if (!open_) return;
  topology_known_ = topology_ == Topology::single || topology_ == Topology::sentinel;
  if (topology_ == Topology::sentinel) open_sentinels();
  commands_ = make_link(Connection::Role::commands);
  subscriber_ = make_link(Connection::Role::subscriber);
  restoring_ = 0;
  subscriptions_.for_each([this](Channel& channel) {
    channel.restoring = true;
    ++restoring_;
  });
  commands_->open();
  if (!subscriptions_.empty()) subscriber_->open();
}

void ClientState::close() {
  if (!std::exchange(open_, false)) return;
  ills_.clear();
  waiting_timer_.cancel();
  refused_timer_.cancel();
  std::vector<Command> lost;
  for_each_link([&](Link& link) {
    for (auto& command : link.close())
      lost.push_back(std::move(command));
    interrupted(link);
  });
  drop_links();
  return_set_back();
  std::vector<Command> unsent(std::make_move_iterator(waiting_.begin()),
                              std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  waiting_charge_.resize(0);
  answer_later(std::move(lost), CommandError::connection_lost, stats_.unconfirmed);
  answer_later(std::move(unsent), CommandError::not_sent, stats_.dropped);
  answer_all();
  update();
}

void ClientState::abandon() noexcept {
  open_ = false;
  abandoned_ = true;
  subscriptions_.for_each([](Channel& channel) {
    channel.at = nullptr;
    channel.confirmed = false;
  });
  waiting_timer_.cancel();
  refused_timer_.cancel();
  unanswered_.clear();
  waiting_.clear();
  set_back_.clear();
  for_each_link([](Link& link) { link.close(); });
  drop_links();
}

void ClientState::drop_links() {
  shard_.retire(std::move(commands_));
  shard_.retire(std::move(subscriber_));
  if (sentinels_) {
    shard_.retire(std::move(sentinels_->asked));
    shard_.retire(std::move(sentinels_->watched));
    shard_.retire(std::move(sentinels_));
  }
  if (!cluster_) return;
  slots_timer_.cancel();
  for (auto& [name, node] : cluster_->nodes) {
    shard_.retire(std::move(node.commands));
    shard_.retire(std::move(node.subscriber));
  }
  shard_.retire(std::move(cluster_));
}

ClientStats ClientState::stats() const noexcept {
  auto stats = stats_;
  stats.bytes_sent = traffic_.sent;
  stats.bytes_received = traffic_.received;
  stats.outbox = outbox_;
  stats.pending = waiting_.size() + set_back_.size();
  const_cast<ClientState*>(this)->for_each_link([&](Link const& link) { stats.pending += link.pending(); });
  return stats;
}

// --- Links

std::unique_ptr<Link> ClientState::make_link(Connection::Role role) {
  Link::Settings settings{.role = role, .greeting = {}, .tls = tls_};
  settings.greeting.user = url_.user;
  settings.greeting.password = url_.password;
  settings.greeting.client_name = options_.client_name;
  settings.greeting.database = url_.database;
  settings.greeting.must_be_master = topology_ == Topology::sentinel;
  settings.greeting.ask_for_cluster = role == Connection::Role::commands && topology_ == Topology::automatic;
  LinkOwner& owner = *this;
  return std::make_unique<Link>(owner, shard_, options_, std::move(settings), traffic_);
}

Link* ClientState::link_for(Command const& command) {
  if (held_back(command)) return nullptr;
  auto* link = commands_.get();
  if (cluster_ && command.ask_at) {
    link = node_link(*command.ask_at, Connection::Role::commands);
  } else if (cluster_ && command.slot >= 0) {
    auto const* const owner = cluster_->map.owner(command.slot);
    link = owner == nullptr ? nullptr : node_link(*owner, Connection::Role::commands);
  }
  return link != nullptr && link->ready() ? link : nullptr;
}

Link* ClientState::link_for(Channel const& channel) {
  auto* link = subscriber_.get();
  if (channel.kind == SubscriptionKind::shard && !topology_known_) return nullptr;
  if (cluster_ && channel.kind == SubscriptionKind::shard) {
    auto const* const owner = cluster_->map.owner(slot_of(channel.name));
    link = owner == nullptr ? nullptr : node_link(*owner, Connection::Role::subscriber);
  }
  return link != nullptr && link->ready() ? link : nullptr;
}

std::optional<core::Address> ClientState::address_of(Link& link) {
  if (is_sentinel(link)) return url_.addresses[sentinels_->next % url_.addresses.size()];
  if (sentinels_) {
    sentinels_->waiting.push_back(&link);
    ask_for_master();
    return std::nullopt;
  }
  if (auto const* const node = node_of(link)) return node->address;
  // Of a cluster every node will do.
  auto const named = url_.addresses.size();
  auto const known = cluster_ ? cluster_->map.nodes().size() : 0;
  auto const next = next_address_ % (named + known);
  return next < named ? url_.addresses[next] : cluster_->map.nodes()[next - named];
}

void ClientState::connected(Link& link, bool cluster) {
  if (is_sentinel(link)) return sentinel_connected(link);
  if (link.times_ready() > 1) ++stats_.reconnects;
  // One to another node, which has taken over, is a way back, too.
  if (link.times_ready() > 1 || (was_ready_ && restoring_ > 0)) came_back(link);
  well(&link);
  if (&link == commands_.get()) {
    auto const news = !std::exchange(topology_known_, true);
    if (cluster || topology_ == Topology::cluster) enter_cluster();
    if (news && subscriber_->ready()) request_all(*subscriber_);
  }
  for_each_link([](Link& other) { other.hurry(); });
  if (link.role() == Connection::Role::commands) {
    flush_waiting();
  } else {
    request_all(link);
  }
  update();
}

void ClientState::disconnected(Link& link, Trouble trouble, std::string reason,
                               std::vector<Command> commands) {
  if (trouble == Trouble::protocol) ++stats_.protocol_errors;
  if (is_sentinel(link)) {
    answer_later(std::move(commands), CommandError::connection_lost, stats_.unconfirmed);
    sentinel_disconnected(link, trouble, std::move(reason));
    return answer_all();
  }
  if (node_of(link) == nullptr && (trouble == Trouble::unreachable || trouble == Trouble::unresponsive))
    ++next_address_;
  if (trouble != Trouble::connection_lost) ++stats_.failures;
  interrupted(link);
  answer_later(std::move(commands), CommandError::connection_lost, stats_.unconfirmed);
  ill(&link, trouble, std::move(reason));
  if (cluster_) ask_for_slots();
  answer_all();
}

double ClientState::draw() {
  if (options_.random)
    return core::ask_user(log_, {"redis", "the source of random numbers"}, 0.5, options_.random);
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

// --- Commands

bool ClientState::command(std::span<std::string_view const> args, Client::OnAnswer done,
                          CommandOptions const& options, Manner manner) {
  Command command{.done = std::move(done), .cost = cost_of(args), .publication = manner.publication};
  auto const full = outbox_ > 0 && outbox_ + command.cost > options_.outbox_limit;
  if (!open_ || full) {
    ++stats_.dropped;
    command.cost = 0;
    answer(command, {.error = full && open_ ? CommandError::outbox_full : CommandError::not_sent});
    return false;
  }
  // Those that wait come before this one.
  if (holding_) release_publications_if_due();
  outbox_ += command.cost;
  auto const time = options.deadline > core::Milliseconds{0} ? options.deadline : options_.command_timeout;
  command.deadline = shard_.clock().now() + time;
  if (cluster_ || !topology_known_) command.slot = manner.slot ? *manner.slot : slot_for(args, options);
  if (command.publication) command.number = ++last_number_;
  auto* const link = link_for(command);
  if (link != nullptr && command.slot < 0 && !command.publication) {
    ++stats_.commands;
    link->send(args, std::move(command));
  } else if (link != nullptr) {
    // It may have to be sent once more, elsewhere or later.
    ++stats_.commands;
    append_command(command.text, args);
    link->send(std::move(command));
  } else {
    append_command(command.text, args);
    wait(std::move(command));
  }
  return true;
}

void ClientState::replied(Link& link, Command command, Reply reply) {
  if (!reply.is_error()) {
    if (command.publication) ++stats_.published;
    if (!ills_.empty() && command.cost > 0) well(this);
    answer(command, {.error = CommandError::none, .reply = std::move(reply)});
    if (command.publication && none_taken_ && open_) taken(link, command.number);
    return;
  } else if (redirect(link, command, reply)) {
    return;
  } else if (trouble_of(reply) == Trouble::read_only) {
    auto text = std::string(reply.text());
    answer(command, {.error = CommandError::none, .reply = std::move(reply)});
    // Whoever is the master now is found by the next connection.
    if (open_) link.give_up(Trouble::read_only, std::move(text));
    return;
  } else if (is_of_the_server(reply)) {
    ill(this, trouble_of(reply), core::concat("Redis at ", link.address().text(), ": ", reply.text()));
    if (cluster_) ask_for_slots();
    if (command.publication && is_passing(reply) && open_) return set_back(std::move(command));
  }
  answer(command, {.error = CommandError::none, .reply = std::move(reply)});
}

void ClientState::expired(std::vector<Command> commands) {
  answer_later(std::move(commands), CommandError::timed_out, stats_.unconfirmed);
  answer_all();
}

void ClientState::wait(Command command) {
  waiting_charge_.resize(waiting_charge_.bytes() + command.cost);
  plan_waiting(held_back(command) ? std::min(command.deadline, held_until_) : command.deadline);
  waiting_.push_back(std::move(command));
}

void ClientState::flush_waiting() {
  std::deque<Command> kept;
  for (auto& command : waiting_) {
    auto* const link = link_for(command);
    if (link == nullptr) {
      kept.push_back(std::move(command));
      continue;
    }
    waiting_charge_.resize(waiting_charge_.bytes() - command.cost);
    if (command.redirections == 0 && !command.refused) ++stats_.commands;
    auto const asking = std::exchange(command.ask_at, std::nullopt).has_value();
    link->send(std::move(command), asking);
  }
  waiting_.swap(kept);
}

void ClientState::plan_waiting(core::TimePoint deadline) {
  if (waiting_timer_.pending() && waiting_planned_ <= deadline) return;
  waiting_planned_ = deadline;
  shard_.start(waiting_timer_, std::chrono::ceil<core::Milliseconds>(deadline - shard_.clock().now()));
}

void ClientState::expire_waiting() {
  return_set_back();
  release_publications_if_due();
  auto const now = shard_.clock().now();
  auto next = core::TimePoint::max();
  std::vector<Command> late;
  std::deque<Command> kept;
  for (auto& command : waiting_) {
    if (command.deadline > now) {
      next = std::min(next, held_back(command) ? std::min(command.deadline, held_until_) : command.deadline);
      kept.push_back(std::move(command));
      continue;
    }
    waiting_charge_.resize(waiting_charge_.bytes() - command.cost);
    late.push_back(std::move(command));
  }
  waiting_.swap(kept);
  if (!waiting_.empty()) plan_waiting(std::max(next, now + expiry_step));
  answer_later(std::move(late), CommandError::not_sent, stats_.dropped);
  answer_all();
}

void ClientState::answer_later(std::vector<Command> commands, CommandError error, std::uint64_t& counter) {
  for (auto& command : commands) {
    if (command.cost > 0) ++counter;
    unanswered_.emplace_back(std::move(command), error);
  }
}

/// Each call may close the client, which answers the rest before it returns.
void ClientState::answer_all() {
  while (!unanswered_.empty()) {
    auto [command, error] = std::move(unanswered_.front());
    unanswered_.pop_front();
    answer(command, {.error = error});
  }
}

void ClientState::answer(Command& command, Answer answer) {
  outbox_ -= command.cost;
  if (command.done)
    core::call_user(log_, {"redis", "who waits for the answer to a command"}, command.done,
                    std::move(answer));
}

// --- How it stands

void ClientState::ill(void const* who, Trouble trouble, std::string reason) {
  std::erase_if(ills_, [who](Ill const& each) { return each.who == who; });
  ills_.push_back({who, trouble, std::move(reason)});
  update();
}

void ClientState::well(void const* who) {
  if (std::erase_if(ills_, [who](Ill const& each) { return each.who == who; }) > 0) update();
}

void ClientState::update() {
  // Subscriptions may end later than the client.
  if (abandoned_) return;
  if (!open_) return change({.state = State::closed});
  if (!ills_.empty()) {
    return change({.state = State::degraded, .trouble = ills_.back().trouble, .reason = ills_.back().reason});
  }
  if (commands_ && commands_->ready() && restoring_ == 0 && (!cluster_ || cluster_->map.complete())) {
    was_ready_ = true;
    return change({.state = State::ready});
  }
  // On the way back it stays what it was.
  if (change_.state == State::closed) change({.state = State::connecting});
}

void ClientState::change(StateChange to) {
  if (change_.state == to.state && change_.trouble == to.trouble && change_.reason == to.reason) return;
  auto const from = std::exchange(change_, to).state;
  if (to.state == State::degraded) {
    log_.write_limited(LogLevel::warning, "redis", name_of(to.trouble), to.reason);
  } else if (to.state == State::ready && from == State::degraded) {
    log_.info("redis", core::concat("Redis at ", commands_->address().text(), " is ready again"));
  }
  if (options_.on_state)
    core::call_user(log_, {"redis", "who is told of the client's state"}, options_.on_state,
                    std::as_const(to));
}

}}}  // namespace aerie::v1::redis
