/// \file
/// Fuzz target: what a Redis server may send, to a connection with commands and to one with subscriptions.
/// However the bytes are cut, they are the same replies. `script/fuzz redis_replies` runs it.

#include "fuzz/require.hpp"
#include "redis/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie;
using redis::Reply;
using redis::ReplyReader;

using aerie::fuzz::require;

/// The replies, and whether they ended in something that is none.
std::pair<std::vector<Reply>, bool> read(std::string_view bytes, std::size_t piece) {
  ReplyReader reader({.bytes = 10'000, .elements = 1'000});
  std::vector<Reply> replies;
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    Reply reply;
    auto step = reader.next(reply);
    for (; step == ReplyReader::Step::reply; step = reader.next(reply))
      replies.push_back(std::move(reply));
    if (step == ReplyReader::Step::malformed) return {std::move(replies), true};
  }
  return {std::move(replies), false};
}

/// Ends its connection when that fails, and wants each call to be one that may be.
class Owner final : public redis::ConnectionOwner {
 public:
  void send(std::string_view) override { require(!over); }
  void greeted(bool) override { require(!over && !std::exchange(ready, true)); }
  void replied(redis::Command, Reply) override { require(!over && answered++ < asked); }
  void expired(std::vector<redis::Command> commands) override {
    require(!over && may_expire);
    asked -= commands.size();
  }
  void received(redis::SubscriptionKind, redis::Message const&) override { require(!over && ready); }
  void confirmed(redis::SubscriptionKind, std::string_view channel, std::uint64_t ticket) override {
    require(!over && channel == "x" && ticket == 7);
  }
  void refused(redis::SubscriptionKind, std::string_view channel, std::uint64_t,
               Reply const& error) override {
    require(!over && channel == "x" && error.is_error());
  }
  void ended(redis::SubscriptionKind, std::string_view) override { require(!over); }
  void failed(redis::Trouble trouble, std::string reason) override {
    require(!over && trouble != redis::Trouble::none && !reason.empty());
    over = true;
    answered += connection->end().size();
  }

  redis::Connection* connection = nullptr;
  std::size_t asked = 0;
  std::size_t answered = 0;
  bool ready = false;
  bool over = false;
  bool may_expire = false;
};

/// In place of the greeting's answers, and time passes.
void greet(redis::Connection::Role role, redis::Greeting const& greeting, std::string_view bytes) {
  using namespace std::chrono_literals;
  Owner owner;
  owner.may_expire = true;
  redis::Connection connection(owner, role, {.bytes = 10'000, .elements = 1'000}, 5s);
  owner.connection = &connection;
  core::TimePoint now{1h};
  connection.greet(greeting, now);
  connection.receive(bytes, now);
  if (owner.ready && !owner.over && role == redis::Connection::Role::commands) {
    std::string_view const args[] = {"GET", "x"};
    connection.send(args, {.deadline = now + 1s});
    connection.send({.deadline = now + 1min, .text = "x"}, true);
  }
  for (int i = 0; i < 10 && !owner.over; ++i) {
    auto const due = connection.next_deadline();
    if (due == core::TimePoint::max()) break;
    now = std::max(now, due);
    connection.on_time(now);
    if (!owner.over && i == 0) connection.receive(bytes, now);
  }
}

void talk(redis::Connection::Role role, std::string_view bytes) {
  using namespace std::chrono_literals;
  Owner owner;
  redis::Connection connection(owner, role, {.bytes = 10'000, .elements = 1'000}, 5s);
  owner.connection = &connection;
  core::TimePoint const now{1h};
  connection.greet({.password = "p", .ask_for_cluster = true}, now);
  connection.receive("+OK\r\n$17\r\ncluster_enabled:0\r\n+PONG\r\n", now);
  require(owner.ready);
  if (role == redis::Connection::Role::commands) {
    std::string_view const args[] = {"GET", "x"};
    for (; owner.asked < 3; ++owner.asked)
      connection.send(args, {.deadline = now + 1h});
  } else {
    connection.subscribe(redis::SubscriptionKind::channel, "x", 7);
    connection.subscribe(redis::SubscriptionKind::shard, "x", 7);
    connection.unsubscribe(redis::SubscriptionKind::pattern, "x");
  }
  connection.receive(bytes, now);
  if (!owner.over) owner.answered += connection.end().size();
  require(owner.answered == owner.asked);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  require(read(bytes, 1) == read(bytes, 8192));
  talk(redis::Connection::Role::commands, bytes);
  talk(redis::Connection::Role::subscriber, bytes);
  for (auto const role : {redis::Connection::Role::commands, redis::Connection::Role::subscriber}) {
    greet(role, {}, bytes);
    greet(role,
          {.user = "u", .password = "p", .database = 1, .ask_for_cluster = true, .must_be_master = true},
          bytes);
  }
  return 0;
}
