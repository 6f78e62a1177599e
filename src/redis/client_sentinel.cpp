#include "redis/client_state.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <array>
#include <utility>

// Sentinels: they are asked for the master before every attempt to connect to it, and listened to, because a
// master that was replaced need not break off.
// https://redis.io/docs/latest/develop/reference/sentinel-clients/
namespace aerie { inline namespace v1 { namespace redis {

namespace {

constexpr std::string_view switch_channel = "+switch-master";

/// `<name> <old ip> <old port> <new ip> <new port>`
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    auto const space = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

}  // namespace

void ClientState::open_sentinels() {
  sentinels_ = std::make_unique<Sentinels>();
  for (auto* const link : {&sentinels_->asked, &sentinels_->watched}) {
    Link::Settings settings{
        .role = link == &sentinels_->asked ? Connection::Role::commands : Connection::Role::subscriber,
        .greeting = {},
        .tls = tls_};
    settings.greeting.user = options_.sentinel_user;
    settings.greeting.password = options_.sentinel_password;
    LinkOwner& owner = *this;
    *link = std::make_unique<Link>(owner, shard_, options_, std::move(settings), traffic_);
    (*link)->open();
  }
}

bool ClientState::is_sentinel(Link const& link) const noexcept {
  return sentinels_ && (&link == sentinels_->asked.get() || &link == sentinels_->watched.get());
}

void ClientState::sentinel_connected(Link& link) {
  if (&link == sentinels_->watched.get()) {
    link.subscribe(SubscriptionKind::channel, switch_channel, 0);
  } else if (!sentinels_->waiting.empty()) {
    ask_for_master();
  }
}

/// The next one will do as well. It is of interest only while somebody waits for its answer.
void ClientState::sentinel_disconnected(Link& link, Trouble trouble, std::string reason) {
  ++stats_.failures;
  if (&link != sentinels_->asked.get()) return;
  ++sentinels_->next;
  if (!sentinels_->waiting.empty()) ill(sentinels_.get(), trouble, core::concat("a sentinel: ", reason));
}

void ClientState::ask_for_master() {
  auto& link = *sentinels_->asked;
  if (!link.ready() || std::exchange(sentinels_->asking, true)) return;
  Command command{.done = [this](Answer answer) { take_master(answer); },
                  .deadline = shard_.clock().now() + options_.command_timeout};
  link.send(std::array<std::string_view, 3>{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options_.master},
            std::move(command));
}

void ClientState::take_master(Answer const& answer) {
  if (!sentinels_) return;
  sentinels_->asking = false;
  auto const port = core::decimal<std::uint16_t>(answer.reply[1].text());
  if (answer.error != CommandError::none) return;  // the connection is lost, and the next sentinel is asked
  if (!answer || answer.reply[0].text().empty() || !port || *port == 0) {
    auto const why = answer.reply.is_error() ? std::string(answer.reply.text())
                     : answer.reply.is_nil() ? core::concat("it knows no master \"", options_.master,
                                                            "\" (ClientOptions::master)")
                                             : std::string("it does not say where the master is");
    return sentinels_->asked->give_up(Trouble::refused, why);
  }
  core::Address const master{.host = std::string(answer.reply[0].text()), .port = *port, .path = {}};
  auto const waiting = std::exchange(sentinels_->waiting, {});
  well(sentinels_.get());
  if (!sentinels_) return;
  for (auto* const link : waiting)
    link->go(master);
}

void ClientState::master_switched(std::string_view news) {
  auto const words = words_of(news);
  if (words.size() != 5 || words[0] != options_.master) return;
  auto const port = core::decimal<std::uint16_t>(words[4]);
  if (!port) return;
  core::Address const master{.host = std::string(words[3]), .port = *port, .path = {}};
  for (auto* const link : {commands_.get(), subscriber_.get()}) {
    // The user may close the client when the first one is told.
    if (!sentinels_) return;
    if (link->ready() && link->address() != master)
      link->give_up(Trouble::read_only, core::concat("the master is ", master.text(), " now"));
  }
}

}}}  // namespace aerie::v1::redis
