#pragma once

#include "redis/link.hpp"
#include "redis/slots.hpp"
#include "redis/subscriptions.hpp"

#include <aerie/core/account.hpp>
#include <aerie/redis/url.hpp>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

/// What a command is beside its words.
struct Manner {
  bool publication = false;
  /// Where it goes, whatever its key is.
  std::optional<std::int16_t> slot = {};
};

/// What a client is: its links, what waits for them, who listens, and how it stands.
class ClientState final : private LinkOwner {
 public:
  ClientState(core::Shard& shard, ClientOptions options);
  ~ClientState() override;

  void open();
  void close();
  /// Ends it without telling anybody.
  void abandon() noexcept;

  StateChange const& last_change() const noexcept { return change_; }
  ClientStats stats() const noexcept;

  bool command(std::span<std::string_view const> args, Client::OnAnswer done, CommandOptions const& options,
               Manner manner = {});
  /// Of each node of the cluster that has slots one of them; empty if it is none, or not known.
  std::vector<std::int16_t> slot_of_each_node() const;
  Subscription subscribe(SubscriptionKind kind, std::string_view name, Client::OnMessage on_message,
                         Client::OnSubscribed on_subscribed);
  void unsubscribe(Listening& listening);
  core::Shard& shard() const noexcept { return shard_; }

 private:
  /// Who has which slot is asked at most this often, and so often while something is amiss: who takes over
  /// from a node that has failed is decided by the others after a while, and nobody is told.
  static constexpr core::Milliseconds between_questions_for_slots{250};
  /// Publications do not wait any longer for subscriptions that Redis does not confirm.
  static constexpr core::Milliseconds longest_restoring = std::chrono::seconds{1};

  /// Something that does not work at present.
  struct Ill {
    void const* who;
    Trouble trouble;
    std::string reason;
  };

  /// A node of the cluster that is sent commands with keys, or sharded subscriptions.
  struct Node {
    core::Address address;
    std::unique_ptr<Link> commands;
    std::unique_ptr<Link> subscriber;
    bool named = false;  // by the map
  };
  struct Cluster {
    SlotMap map;
    std::map<std::string, Node> nodes;  // by their addresses
    bool asking = false;
    bool once_more = false;
  };

  /// Those who know the master.
  struct Sentinels {
    std::unique_ptr<Link> asked;
    std::unique_ptr<Link> watched;
    std::size_t next = 0;
    bool asking = false;
    /// They wait to be told where the master is.
    std::vector<Link*> waiting;
  };

  // Of the links.
  std::optional<core::Address> address_of(Link& link) override;
  void connected(Link& link, bool cluster) override;
  void disconnected(Link& link, Trouble trouble, std::string reason, std::vector<Command> commands) override;
  void replied(Link& link, Command command, Reply reply) override;
  void expired(std::vector<Command> commands) override;
  void received(Link& link, SubscriptionKind kind, Message const& message) override;
  void confirmed(SubscriptionKind kind, std::string_view channel, std::uint64_t ticket) override;
  void refused(Link& link, SubscriptionKind kind, std::string_view channel, std::uint64_t ticket,
               Reply const& error) override;
  void ended(SubscriptionKind kind, std::string_view channel) override;
  double draw() override;

  std::unique_ptr<Link> make_link(Connection::Role role);
  template <class Visit>
  void for_each_link(Visit visit) {
    if (commands_) visit(*commands_);
    if (subscriber_) visit(*subscriber_);
    if (sentinels_ && sentinels_->asked) visit(*sentinels_->asked);
    if (sentinels_ && sentinels_->watched) visit(*sentinels_->watched);
    if (!cluster_) return;
    for (auto& [name, node] : cluster_->nodes) {
      if (node.commands) visit(*node.commands);
      if (node.subscriber) visit(*node.subscriber);
    }
  }
  void drop_links();
  Link* link_for(Command const& command);
  bool held_back(Command const& command) const noexcept { return command.publication && holding_; }
  void came_back(Link const& link);
  void hold_back_publications(core::Milliseconds time);
  void release_publications_if_due();
  void release_publications();
  void set_back(Command command);
  void return_set_back();
  bool try_one();
  void taken(Link const& link, std::uint64_t number);
  Link* link_for(Channel const& channel);
  void request(Channel& channel);
  void request_all(Link& link);
  void try_refused_again();
  void not_restoring(Channel& channel);
  void interrupted(Link const& link);

  // Of a cluster.
  void enter_cluster();
  void ask_for_slots();
  void ask_for_slots_soon();
  void ask_for_slots_now();
  void take_slots(Answer const& answer, core::Address const& asked);
  void follow_slots();
  Link* node_link(core::Address const& address, Connection::Role role);
  Node* node_of(Link const& link);
  /// True if the answer was not the last word, and the command is on its way again.
  bool redirect(Link& link, Command& command, Reply const& reply);
  bool redirect(Link& link, Channel& channel, Reply const& error);
  void leave_unnamed_nodes();

  // Of sentinels.
  void open_sentinels();
  bool is_sentinel(Link const& link) const noexcept;
  void sentinel_connected(Link& link);
  void sentinel_disconnected(Link& link, Trouble trouble, std::string reason);
  void ask_for_master();
  void take_master(Answer const& answer);
  void master_switched(std::string_view news);

  void wait(Command command);
  void flush_waiting();
  void expire_waiting();
  void plan_waiting(core::TimePoint deadline);

  void answer_later(std::vector<Command> commands, CommandError error, std::uint64_t& counter);
  void answer_all();
  void answer(Command& command, Answer answer);

  void ill(void const* who, Trouble trouble, std::string reason);
  void well(void const* who);
  void update();
  void change(StateChange to);

  core::Shard& shard_;
  ClientOptions options_;
  Url url_;
  Topology topology_;
  std::shared_ptr<tls::Context const> tls_;
  Logger const& log_;
  Link::Traffic traffic_;
  ClientStats stats_;
  Subscriptions subscriptions_;
  std::unique_ptr<Link> commands_;
  std::unique_ptr<Link> subscriber_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Sentinels> sentinels_;
  /// False while the server has not said yet whether it is part of a cluster.
  bool topology_known_ = false;
  core::Timer slots_timer_ = core::Timer::calling<&ClientState::ask_for_slots_now>(this);
  std::size_t next_address_ = 0;

  std::deque<Command> waiting_;
  core::Charge waiting_charge_;
  core::TimePoint waiting_planned_{};
  core::Timer waiting_timer_ = core::Timer::calling<&ClientState::expire_waiting>(this);
  core::Timer refused_timer_ = core::Timer::calling<&ClientState::try_refused_again>(this);
  std::deque<std::pair<Command, CommandError>> unanswered_;
  std::size_t outbox_ = 0;

  std::uint64_t last_ticket_ = 0;
  std::size_t restoring_ = 0;
  /// Publications wait for subscriptions that are being made again, here and elsewhere.
  bool holding_ = false;
  core::TimePoint held_until_{};
  core::Milliseconds pause_of_others_{0};
  /// Redis takes none at present.
  bool none_taken_ = false;
  /// Those that it has not taken; before all in `waiting_` that are publications.
  std::deque<Command> set_back_;
  std::uint64_t last_number_ = 0;
  bool open_ = false;
  bool abandoned_ = false;
  bool was_ready_ = false;
  std::vector<Ill> ills_;
  StateChange change_;
  std::minstd_rand random_;
};

}}}  // namespace aerie::v1::redis
