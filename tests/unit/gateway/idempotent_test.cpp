#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/idempotent.hpp>
#include <aerie/gateway/user_id.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace idempotent_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;

/// What handlers have done.
struct Ledger {
  std::vector<std::string> entries;
  int failures = 0;
};

struct Order {
  std::optional<std::string> id;
  std::string item;
  static void describe(Schema<Order>& s) {
    s.field<&Order::id>();
    s.field<&Order::item>();
  }
};

struct Customer {
  std::int64_t id = 0;
  static Customer extract(ExecutionContext& context) {
    return {context.socket().handshake().query("user") == "7" ? 7 : 8};
  }
};

struct SecondArgument {
  static std::optional<std::string> extract(ExecutionContext& context) {
    auto const text = context.payload()[1].get_if<std::string_view>();
    return text ? std::optional(std::string(*text)) : std::nullopt;
  }
};

/// A guard that knows users.
struct KnowsUser {
  bool can_activate(ExecutionContext& context) {
    if (auto const name = context.credential("name")) context.set(UserId{*name});
    return true;
  }
};

class Shop {
 public:
  explicit Shop(Ledger& ledger) : ledger_(ledger) {}
  static void describe(Gateway<Shop>& g) {
    g.protect<KnowsUser>();
    g.on<&Shop::order>("order").idempotent<"id">({.keep = 1min});
    g.on<&Shop::slow>("slow").idempotent<"id">({.keep = 1min});
    g.on<&Shop::leaving>("leaving").idempotent<"id">().cancel_on_leave();
    g.on<&Shop::failing>("failing").idempotent<"id">();
    g.on<&Shop::nothing>("nothing").idempotent<"id">();
    g.on<&Shop::created>("created").idempotent<"id">();
    g.on<&Shop::undecided>("undecided").idempotent<"id">();
    g.on<&Shop::order>("by customer").idempotent<"id">({.by = &id_of_user<Customer>});
    g.on<&Shop::second>("second").idempotent<SecondArgument>();
  }

 private:
  std::size_t note(Order const& order) {
    ledger_.entries.push_back(order.item);
    return ledger_.entries.size();
  }
  std::size_t order(Order const& order) { return note(order); }
  Task<std::size_t> slow(Order const order) {
    co_await sleep_for(100ms);
    co_return note(order);
  }
  Task<std::size_t> leaving(Order const order) {
    co_await sleep_for(100ms);
    co_return note(order);
  }
  Task<std::size_t> failing(Order const order) {
    co_await sleep_for(10ms);
    if (ledger_.failures-- > 0) throw WsException("not now");
    co_return note(order);
  }
  void nothing(Order const& order) { note(order); }
  Event<std::size_t> created(Order const& order) { return {"created", note(order)}; }
  DynamicReply undecided(Order const& order) {
    return DynamicReply(Value::object({{"event", "decided"}, {"data", note(order)}}));
  }
  std::string second(Arguments<std::string, std::string> const& arguments) {
    note({std::nullopt, arguments.get<0>()});
    return arguments.get<0>();
  }

  Ledger& ledger_;
};

struct ShopModule {
  static void describe(Module& m) { m.provides<Ledger>().gateways<Shop>(); }
};

struct Server : ApplicationOnAClock<ShopModule> {
  using ApplicationOnAClock::ApplicationOnAClock;
  Ledger& ledger() { return app.get<Ledger>(); }
  test::SocketIoClient client_of(std::string_view name, std::size_t shard = 0) {
    app.init();
    test::SocketIoClient made(*this, test::Over::websocket, shard);
    made.join("/", core::concat(R"({"name":")", name, R"("})"));
    return made;
  }
};

TEST(Idempotent, GivesTheAnswerOfTheFirstToAMessageThatIsSentAgain) {
  Server server;
  auto client = server.client();
  client.send(R"(21["order",{"id":"a","item":"tea"}])");
  client.send(R"(22["order",{"id":"a","item":"tea"}])");
  client.send(R"(23["order",{"id":"b","item":"milk"}])");
  EXPECT_EQ(client.take_text(), "31[1] 32[1] 33[2]");
  EXPECT_EQ(server.ledger().entries, (std::vector<std::string>{"tea", "milk"}));
}

TEST(Idempotent, LetsAMessageWaitForTheFirstThatIsUnderWay) {
  Server server;
  auto client = server.client();
  client.send(R"(21["slow",{"id":"a","item":"tea"}])");
  server.advance(50ms);
  client.send(R"(22["slow",{"id":"a","item":"tea"}])");
  client.send(R"(23["slow",{"id":"a","item":"tea"}])");
  EXPECT_EQ(client.take_text(), "");
  server.advance(50ms);
  EXPECT_EQ(client.take_text(), "31[1] 32[1] 33[1]");
  EXPECT_EQ(server.ledger().entries.size(), 1u);
}

TEST(Idempotent, AnswersTheNextConnectionOfAUserWhoseFirstOneIsGone) {
  Server server;
  {
    auto first = server.client_of("ada");
    first.send(R"(21["slow",{"id":"a","item":"tea"}])");
    server.advance(50ms);
  }
  auto second = server.client_of("ada");
  auto other = server.client_of("bob");
  second.send(R"(21["slow",{"id":"a","item":"tea"}])");
  other.send(R"(21["slow",{"id":"a","item":"jam"}])");
  server.advance(50ms);
  EXPECT_EQ(second.take_text(), "31[1]");
  server.advance(50ms);
  EXPECT_EQ(other.take_text(), "31[2]") << "what another user calls so is something else";
  EXPECT_EQ(server.ledger().entries, (std::vector<std::string>{"tea", "jam"}));
}

TEST(Idempotent, LetsAMessageBeTriedAgainWhoseHandlerHasFailed) {
  Server server;
  auto client = server.client();
  server.ledger().failures = 2;
  client.send(R"(21["failing",{"id":"a","item":"tea"}])");
  client.send(R"(22["failing",{"id":"a","item":"tea"}])");
  client.send(R"(23["failing",{"id":"a","item":"tea"}])");
  server.advance(10ms);
  EXPECT_NE(client.take_text().find("not now"), std::string::npos);
  server.advance(10ms);
  EXPECT_NE(client.take_text().find("not now"), std::string::npos);
  server.advance(10ms);
  EXPECT_EQ(client.take_text(), "33[1]");
}

TEST(Idempotent, LetsAMessageBeTriedAgainWhoseHandlerWasCancelled) {
  Server server;
  {
    auto first = server.client_of("ada");
    first.send(R"(21["leaving",{"id":"a","item":"tea"}])");
    server.advance(50ms);
  }
  server.run();
  auto second = server.client_of("ada");
  second.send(R"(21["leaving",{"id":"a","item":"tea"}])");
  server.advance(100ms);
  EXPECT_EQ(second.take_text(), "31[1]");
}

TEST(Idempotent, KeepsEveryKindOfAnswer) {
  Server server;
  auto client = server.client();
  for (int i = 0; i < 2; ++i) {
    client.send(R"(21["nothing",{"id":"a","item":"tea"}])");
    EXPECT_EQ(client.take_text(), "31[]");
    client.send(R"(21["created",{"id":"a","item":"tea"}])");
    EXPECT_EQ(client.take_text(), R"(2["created",2] 31[])");
    client.send(R"(21["undecided",{"id":"a","item":"tea"}])");
    EXPECT_EQ(client.take_text(), R"(2["decided",3] 31[])");
  }
  EXPECT_EQ(server.ledger().entries.size(), 3u);
}

TEST(Idempotent, ForgetsAnAnswerWhenItsTimeIsOver) {
  Server server;
  auto client = server.client();
  client.send(R"(21["order",{"id":"a","item":"tea"}])");
  EXPECT_EQ(client.take_text(), "31[1]");
  auto& store = server.app.get<IdempotencyStore>();
  EXPECT_EQ(dynamic_cast<MemoryIdempotencyStore&>(store).answers(), 1u);
  server.advance(61s);
  EXPECT_EQ(dynamic_cast<MemoryIdempotencyStore&>(store).answers(), 0u) << "without anybody asking";
  client.send(R"(21["order",{"id":"a","item":"tea"}])");
  EXPECT_NE(client.take_text().find("31[2]"), std::string::npos);
}

TEST(Idempotent, HandlesWhatHasNoIdAsEver) {
  Server server;
  auto client = server.client();
  client.send(R"(21["order",{"item":"tea"}])");
  client.send(R"(22["order",{"id":null,"item":"tea"}])");
  EXPECT_EQ(client.take_text(), "31[1] 32[2]");
}

TEST(Idempotent, RefusesWhatCanBeNoId) {
  Server server;
  auto client = server.client();
  for (std::string const& id : {std::string(R"("")"), std::string("1.5"), std::string("{}"),
                                std::string("true"), std::string("[]"), '"' + std::string(257, 'x') + '"'}) {
    client.send(R"(21["order",{"id":)" + id + R"(,"item":"tea"}])");
    EXPECT_NE(client.take_text().find("BAD_IDEMPOTENCY_KEY"), std::string::npos) << id;
  }
  EXPECT_TRUE(server.ledger().entries.empty());
}

TEST(Idempotent, TellsUsersApartAsTheOptionsSay) {
  Server server;
  auto client = server.client();
  client.send(R"(21["by customer",{"id":"a","item":"tea"}])");
  auto other = server.client();
  other.send(R"(21["by customer",{"id":"a","item":"tea"}])");
  EXPECT_EQ(client.take_text(), "31[1]");
  EXPECT_EQ(other.take_text(), "31[1]") << "the same customer on another socket";
  auto third = server.client();
  third.send(R"(21["order",{"id":"a","item":"tea"}])");
  EXPECT_EQ(third.take_text(), "31[2]") << "another event";
  auto fourth = server.client();
  fourth.send(R"(21["order",{"id":"a","item":"tea"}])");
  EXPECT_EQ(fourth.take_text(), "31[3]") << "without a user each socket is one";
}

TEST(Idempotent, TakesTheIdFromWhereTheApplicationSays) {
  Server server;
  auto client = server.client();
  client.send(R"(21["second","tea","a"])");
  client.send(R"(22["second","milk","a"])");
  client.send(R"(23["second","milk","b"])");
  EXPECT_EQ(client.take_text(), R"(31["tea"] 32["tea"] 33["milk"])");
}

TEST(Idempotent, HandlesAMessageOnceOnSeveralShards) {
  Server server(4);
  std::vector<test::SocketIoClient> clients;
  for (int i = 0; i < 8; ++i)
    clients.push_back(server.client_of("ada", static_cast<std::size_t>(i % 4)));
  for (auto& client : clients)
    client.send(R"(21["slow",{"id":"a","item":"tea"}])");
  server.advance(100ms);
  // One after the other is told, each on its own shard.
  for (int i = 0; i < 8; ++i)
    server.run();
  for (auto& client : clients)
    EXPECT_EQ(client.take_text(), "31[1]");
  EXPECT_EQ(server.ledger().entries.size(), 1u);
}

/// Another process' part is played by the test.
class OtherStore final : public IdempotencyStore {
 public:
  Task<Claim> claim(std::string, std::string, core::Milliseconds) override {
    ++asked;
    if (broken) throw std::runtime_error("unreachable");
    co_return found;
  }
  Task<bool> keep(std::string, std::string, std::string answer, core::Milliseconds) override {
    if (broken) throw std::runtime_error("unreachable");
    kept.push_back(std::move(answer));
    co_return true;
  }
  void release(std::string, std::string) noexcept override { ++released; }

  Claim found;
  bool broken = false;
  int asked = 0;
  int released = 0;
  std::vector<std::string> kept;
};

struct OtherModule {
  static void describe(Module& m) {
    m.provides<Ledger>().provides<OtherStore>().provides_existing<IdempotencyStore, OtherStore>();
    m.gateways<Shop>();
  }
};

TEST(Idempotent, AsksTheStoreAgainWhileAnotherProcessIsAtIt) {
  ApplicationOnAClock<OtherModule> server;
  auto& store = server.app.get<OtherStore>();
  store.found.found = IdempotencyStore::Found::claim;
  auto client = server.client();
  client.send(R"(21["order",{"id":"a","item":"tea"}])");
  for (int i = 0; i < 100; ++i)
    server.advance(20ms);
  EXPECT_GT(store.asked, 5);
  EXPECT_LT(store.asked, 10) << "in two seconds";
  EXPECT_EQ(client.take_text(), "");
  store.found.found = IdempotencyStore::Found::nothing;
  server.advance(500ms);
  EXPECT_EQ(client.take_text(), "31[1]");
  ASSERT_EQ(store.kept.size(), 1u);
  store.found = {IdempotencyStore::Found::an_answer, store.kept[0]};
  client.send(R"(22["order",{"id":"a","item":"tea"}])");
  EXPECT_EQ(client.take_text(), "32[1]");
  EXPECT_EQ(store.released, 0);
}

TEST(Idempotent, HandlesNothingWithoutItsStore) {
  ApplicationOnAClock<OtherModule> server;
  auto& store = server.app.get<OtherStore>();
  store.broken = true;
  auto client = server.client();
  client.send(R"(21["order",{"id":"a","item":"tea"}])");
  EXPECT_NE(client.take_text().find("Internal server error"), std::string::npos);
  EXPECT_TRUE(server.app.get<Ledger>().entries.empty());
  EXPECT_EQ(store.released, 1) << "it may have been claimed";
}

TEST(Idempotent, AnswersAlthoughItsStoreIsGoneMeanwhile) {
  ApplicationOnAClock<OtherModule> server;
  auto& store = server.app.get<OtherStore>();
  auto client = server.client();
  client.send(R"(21["slow",{"id":"a","item":"tea"}])");
  server.advance(50ms);
  store.broken = true;
  server.advance(50ms);
  EXPECT_EQ(client.take_text(), "31[1]");
  EXPECT_EQ(store.released, 0) << "it has been handled";
}

TEST(Idempotent, RefusesAnAnswerOfTheStoreThatIsNone) {
  ApplicationOnAClock<OtherModule> server;
  auto& store = server.app.get<OtherStore>();
  auto client = server.client();
  for (std::string const answer : {"", "1", "2v", "1v", "1v\xC1", "1e\x91\x01", "1z"}) {
    store.found = {IdempotencyStore::Found::an_answer, answer};
    client.send(R"(21["order",{"id":"a","item":"tea"}])");
    EXPECT_NE(client.take_text().find("Internal server error"), std::string::npos) << answer;
  }
}

struct ByHand {
  static void describe(Gateway<ByHand>& g) { g.on<&ByHand::handle>("late").idempotent<"id">(); }
  void handle(Ack<int> ack) { ack(1); }
};
struct Streaming {
  static void describe(Gateway<Streaming>& g) { g.on<&Streaming::handle>("many").idempotent<"id">(); }
  Generator<int> handle() { co_yield 1; }
};
struct TooShort {
  static void describe(Gateway<TooShort>& g) { g.on<&TooShort::handle>("x").idempotent<"id">({.keep = 0ms}); }
  int handle() { return 1; }
};
template <class G>
struct ModuleOf {
  static void describe(Module& m) { m.gateways<G>(); }
};
template <class G>
std::string start_error() {
  try {
    ApplicationOnAClock<ModuleOf<G>> server;
    server.app.init();
  } catch (gateway::StartError const& error) {
    return error.what();
  }
  return "none";
}

TEST(Idempotent, StopsTheStartWhereAnAnswerCannotBeKept) {
  EXPECT_EQ(
      start_error<ByHand>(),
      "aerie: the handler handle of \"late\" is idempotent, but takes an aerie::Ack: only an answer that "
      "it returns can be kept; return it, from a task if it takes time");
  EXPECT_NE(start_error<Streaming>().find("answers with a stream"), std::string::npos);
  EXPECT_NE(start_error<TooShort>().find("IdempotencyOptions::keep"), std::string::npos);
}

// --- always_acknowledge

struct Polite {
  static void describe(Gateway<Polite>& g) {
    g.always_acknowledge();
    g.on<&Polite::nothing>("nothing");
    g.on<&Polite::later>("later");
    g.on<&Polite::value>("value");
    g.on<&Polite::event>("event");
    g.on<&Polite::fails>("fails");
    g.on<&Polite::by_hand>("by hand");
    g.on<&Polite::events>("events");
  }
  void nothing() {}
  Task<> later() { co_await sleep_for(10ms); }
  int value() { return 1; }
  Event<int> event() { return {"tick", 1}; }
  void fails() { throw WsException("no"); }
  void by_hand(Ack<int>) {}
  Generator<Event<int>> events() {
    co_yield Event<int>("tick", 1);
    co_await sleep_for(10ms);
    co_yield Event<int>("tick", 2);
  }
};

TEST(AlwaysAcknowledge, AnswersWhenTheHandlerHasEndedWithoutAnError) {
  ApplicationOnAClock<ModuleOf<Polite>> server;
  auto client = server.client();
  auto const answer = [&](std::string_view event) {
    client.send(core::concat("21[\"", event, "\"]"));
    return client.take_text();
  };
  EXPECT_EQ(answer("nothing"), "31[]");
  EXPECT_EQ(answer("later"), "");
  server.advance(10ms);
  EXPECT_EQ(client.take_text(), "31[]");
  EXPECT_EQ(answer("value"), "31[1]");
  EXPECT_EQ(answer("event"), R"(2["tick",1] 31[])");
  EXPECT_EQ(answer("fails").find("31"), std::string::npos);
  EXPECT_EQ(answer("by hand"), "");
  EXPECT_EQ(answer("events"), R"(2["tick",1])");
  server.advance(10ms);
  EXPECT_EQ(client.take_text(), R"(2["tick",2] 31[])");
  client.send(R"(2["nothing"])");
  EXPECT_EQ(client.take_text(), "") << "who does not ask is not answered";
}

}  // namespace idempotent_cases
