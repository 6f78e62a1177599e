#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace namespace_group_cases {

using namespace aerie;
using test::ApplicationOnAClock;

struct NotThirteen {
  bool can_activate(ExecutionContext& context) { return context.param("room") != "13"; }
};

struct Both {
  std::string house;
  std::int64_t room = 0;
  static void describe(Schema<Both>& s) {
    s.field<&Both::house>();
    s.field<&Both::room>();
  }
};

class Rooms {
 public:
  static void describe(Gateway<Rooms>& g) {
    g.matching("^/(?P<house>[a-z]+)/(?P<room>\\d+)(?:/(?P<seat>\\w+))?$").protect<NotThirteen>();
    g.connected<&Rooms::opened>();
    g.on<&Rooms::number>("number");
    g.on<&Rooms::all>("all");
    g.on<&Rooms::seat>("seat");
    g.on<&Rooms::small>("small");
    g.on<&Rooms::trimmed>("trimmed");
    g.on_any<&Rooms::any>();
  }

 private:
  struct Shout {
    Value transform(Value value) { return std::string(value.as_string()) + "!"; }
  };
  void opened(Socket& socket, Param<"room", int> room) { socket.emit("room", room.value()); }
  std::int64_t number(Param<"room", std::int64_t> room, int more) { return room.value() + more; }
  std::string all(Param<"", Both> both) { return both->house + ":" + std::to_string(both->room); }
  std::string seat(Param<"seat", std::optional<std::string>> seat) { return seat->value_or("none"); }
  int small(Param<"room", std::int8_t> room) { return room.value(); }
  std::string trimmed(Param<"house", std::string, Shout> house) { return house.value(); }
  void any(Param<"house"> house, Socket& socket) { socket.set(std::string(house.value())); }
};

class Unnamed {
 public:
  static void describe(Gateway<Unnamed>& g) {
    g.matching("^/dyn-(\\d+)-(\\w+)$");
    g.on<&Unnamed::both>("both");
  }

 private:
  std::string both(Param<"1", int> number, Param<"2"> word) {
    return std::to_string(number.value() + 1) + word.value();
  }
};

struct Root {
  static void describe(Module& m) { m.gateways<Rooms, Unnamed>(); }
};

class NamespaceGroups : public ::testing::Test {
 protected:
  std::string ask(std::string const& nsp, std::string const& event) {
    auto client = server.client(nsp);
    client.take_text();
    client.send("2" + nsp + ",1[" + event + "]");
    auto answer = client.take_text();
    auto const begin = answer.find('[');
    return begin == answer.npos ? answer : answer.substr(begin);
  }
  ApplicationOnAClock<Root> server;
};

TEST_F(NamespaceGroups, AreParametersOfHandlers) {
  EXPECT_EQ(ask("/hall/41", R"("number",1)"), "[42]");
  EXPECT_EQ(ask("/hall/7", R"("all")"), "[\"hall:7\"]");
  EXPECT_EQ(ask("/dyn-41-x", R"("both")"), "[\"42x\"]") << "those without a name by their number";
}

TEST_F(NamespaceGroups, MayHaveHadNoPart) {
  EXPECT_EQ(ask("/hall/1", R"("seat")"), "[\"none\"]");
  EXPECT_EQ(ask("/hall/1/a", R"("seat")"), "[\"a\"]");
}

TEST_F(NamespaceGroups, PassPipes) {
  EXPECT_EQ(ask("/hall/1", R"("trimmed")"), "[\"hall!\"]");
}

TEST_F(NamespaceGroups, AreRefusedWhereTheyAreNotOfTheType) {
  auto const answer = ask("/hall/1000", R"("small")");
  EXPECT_NE(answer.find("exception"), answer.npos) << answer;
  EXPECT_NE(answer.find("room"), answer.npos) << answer;
}

TEST_F(NamespaceGroups, AreThereForHooksAndGuards) {
  server.app.init();
  test::SocketIoClient client(server, test::Over::websocket);
  EXPECT_EQ(client.join("/hall/12"), "2/hall/12,[\"room\",12]");
  EXPECT_NE(client.join("/hall/13").find("Forbidden resource"), std::string::npos);
}

class NoSuchGroup {
 public:
  static void describe(Gateway<NoSuchGroup>& g) {
    g.matching("^/(?P<house>\\w+)$");
    g.on<&NoSuchGroup::handle>("x");
  }

 private:
  int handle(Param<"room"> room) { return static_cast<int>(room->size()); }
};
struct BadRoot {
  static void describe(Module& m) { m.gateways<NoSuchGroup>(); }
};

TEST(NamespaceGroupsAtStart, StopTheStartWhereThePatternHasNone) {
  ApplicationOnAClock<BadRoot> server;
  try {
    server.app.init();
    FAIL();
  } catch (gateway::StartError const& error) {
    EXPECT_EQ(
        std::string_view(error.what()),
        "aerie: NoSuchGroup::handle takes aerie::Param<\"room\">, but the pattern of its namespaces has no "
        "such group; write (?P<room>...) where it stands in the name");
  }
}

}  // namespace namespace_group_cases
