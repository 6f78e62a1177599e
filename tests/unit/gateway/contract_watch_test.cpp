// What the log is told of clients and gateways that do not keep to the contract.

#include <aerie/gateway/gateways.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace aerie { namespace contract_watch_cases {

class NewsGateway {
 public:
  static void describe(Gateway<NewsGateway>& g) {
    g.connected<&NewsGateway::welcome>();
    g.on<&NewsGateway::say>("say");
    g.on<&NewsGateway::fail>("fail");
    g.emits<int>("said");
  }

 private:
  void welcome(Socket& socket) { socket.emit("welcome"); }
  void say(Namespace& nsp, std::string const& event) { nsp.emit(event, 1); }
  void fail() { throw WsException("no"); }
};

/// A second gateway of that namespace.
class OtherGateway {
 public:
  static void describe(Gateway<OtherGateway>& g) { g.emits<int>("also"); }
};

class RoomGateway {
 public:
  static void describe(Gateway<RoomGateway>& g) {
    g.matching("^/room-.*$").connected<&RoomGateway::welcome>();
  }

 private:
  void welcome(Socket& socket) { socket.emit("entered"); }
};

struct NewsModule {
  static void describe(Module& m) { m.gateways<NewsGateway, OtherGateway, RoomGateway>(); }
};

testing::Application start(ContractWatchOptions const& options) {
  return testing::create<NewsModule>()
      .configure([&](Application& app) { app.watch_contract(options); })
      .start();
}

std::ptrdiff_t warnings(testing::Application const& app, std::string_view part) {
  return std::ranges::count_if(app.log(), [&](testing::LogLine const& line) {
    return line.level == LogLevel::warning && line.message.find(part) != std::string::npos;
  });
}

constexpr char const* served = "00112233445566aa";

TEST(ContractWatch, TellsOfPagesOfAnotherContractOncePerHash) {
  auto app = start({.hash = served});
  auto const old = app.connect("/", {{"contract", "ffeeddccbbaa9988"}});
  auto const again = app.connect("/", {{"contract", "ffeeddccbbaa9988"}});
  auto const older = app.connect("/room-1", {{"contract", "1111111111111111"}});
  EXPECT_TRUE(old.connected());
  EXPECT_EQ(warnings(app, "ffeeddccbbaa9988"), 1);
  EXPECT_EQ(warnings(app, "1111111111111111"), 1);
}

TEST(ContractWatch, IsSilentAboutClientsThatKeepToItOrDoNotSay) {
  auto app = start({.hash = served});
  auto const same = app.connect("/", {{"contract", served}});
  auto const silent = app.connect("/");
  auto const number = app.connect("/", {{"contract", 5}});
  // Nobody writes into the log what he likes.
  auto const rude = app.connect("/", {{"contract", "no\nhash"}});
  auto const long_one = app.connect("/", {{"contract", std::string(1000, 'a')}});
  EXPECT_EQ(warnings(app, "contract"), 0);
}

TEST(ContractWatch, TellsOfSoManyHashesAndNoMore) {
  auto app = start({.hash = served});
  for (int i = 0; i < 150; ++i) {
    auto const client = app.connect("/", {{"contract", std::to_string(1000 + i)}});
    EXPECT_TRUE(client.connected());
  }
  EXPECT_EQ(warnings(app, "is served"), 100);
}

TEST(ContractWatch, TellsOfEventsThatNoGatewayOfTheNamespaceSaysItSendsOncePerEvent) {
  auto app = start({.reports_undeclared_events = true});
  auto client = app.connect("/");
  auto const second = app.connect("/");
  for (auto const* const event : {"said", "also", "unsaid", "unsaid"})
    client.emit("say", event);
  client.emit("fail");
  auto const room = app.connect("/room-1");
  EXPECT_EQ(warnings(app, "the event \"welcome\""), 1);
  EXPECT_EQ(warnings(app, "the event \"unsaid\""), 1);
  EXPECT_EQ(warnings(app, "the event \"entered\""), 1);
  EXPECT_EQ(warnings(app, "add g.emits<T>"), 3);
}

TEST(ContractWatch, LooksAtNothingUnlessItIsAskedTo) {
  auto app = start({});
  auto client = app.connect("/", {{"contract", "ffeeddccbbaa9988"}});
  client.emit("say", "unsaid");
  EXPECT_EQ(warnings(app, ""), 0);
}

}}  // namespace aerie::contract_watch_cases
