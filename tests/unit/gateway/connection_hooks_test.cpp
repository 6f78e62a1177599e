// What gateways are told of clients that leave.

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace aerie { namespace connection_hook_cases {

using namespace std::chrono_literals;

struct Told {
  std::vector<std::string> lines;
};

std::string rooms_of(Socket& socket) {
  auto rooms = socket.rooms();
  std::string list;
  for (auto const& room : rooms)
    if (room != socket.id()) list += " " + room;
  return list;
}

class RoomsGateway {
 public:
  explicit RoomsGateway(Told& told) : told_(told) {}
  static void describe(Gateway<RoomsGateway>& g) {
    g.on<&RoomsGateway::join>();
    g.on<&RoomsGateway::kick>();
    g.disconnected<&RoomsGateway::gone>();
    g.disconnecting<&RoomsGateway::going>().disconnecting<&RoomsGateway::going_slowly>();
  }

 private:
  void join(Socket& socket, std::string const& room) { socket.join(room); }
  void kick(Socket& socket) { socket.disconnect(true); }
  void going(Socket& socket, DisconnectReason reason) {
    told_.lines.push_back(std::string("going, ") + std::string(to_string(reason)) + rooms_of(socket));
  }
  Task<void> going_slowly(Socket& socket) {
    told_.lines.push_back("going slowly" + rooms_of(socket));
    co_await sleep_for(1s);
    told_.lines.push_back("went slowly" + rooms_of(socket));
  }
  void gone(Socket& socket) { told_.lines.push_back("gone" + rooms_of(socket)); }

  Told& told_;
};

struct RoomsModule {
  static void describe(Module& m) { m.provides<Told>().gateways<RoomsGateway>(); }
};

struct Leaving {
  std::string reason;
  std::function<void(testing::Client&)> leave;
};

TEST(ConnectionHooks, AreToldBeforeAClientLeavesWhileItsRoomsAreThere) {
  Leaving const ways[] = {
      {"client namespace disconnect", [](testing::Client& client) { client.disconnect(); }},
      {"transport close", [](testing::Client& client) { client.lose_connection(); }},
      {"server namespace disconnect", [](testing::Client& client) { client.emit("kick"); }},
  };
  for (auto const& way : ways) {
    SCOPED_TRACE(way.reason);
    auto app = testing::create<RoomsModule>().start();
    auto client = app.connect();
    client.emit("join", "lobby");
    way.leave(client);
    app.run();
    EXPECT_EQ(app.get<Told>().lines,
              (std::vector<std::string>{"going, " + way.reason + " lobby", "going slowly lobby", "gone"}));
    app.advance(1s);
    EXPECT_EQ(app.get<Told>().lines.back(), "went slowly");
  }
}

class FirstGateway {
 public:
  explicit FirstGateway(Told& told) : told_(told) {}
  static void describe(Gateway<FirstGateway>& g) {
    g.disconnected<&FirstGateway::gone>().disconnecting<&FirstGateway::going>();
  }

 private:
  void going() { told_.lines.emplace_back("going first"); }
  void gone() { told_.lines.emplace_back("gone first"); }
  Told& told_;
};

class SecondGateway {
 public:
  explicit SecondGateway(Told& told) : told_(told) {}
  static void describe(Gateway<SecondGateway>& g) {
    g.disconnected<&SecondGateway::gone>().disconnecting<&SecondGateway::going>();
  }

 private:
  void going() { told_.lines.emplace_back("going second"); }
  void gone() { told_.lines.emplace_back("gone second"); }
  Told& told_;
};

struct TwoModule {
  static void describe(Module& m) { m.provides<Told>().gateways<FirstGateway, SecondGateway>(); }
};

TEST(ConnectionHooks, AreToldByPlainWebSocketsAsWell) {
  auto app = testing::create<TwoModule>()
                 .configure([](Application& application) { application.use_websocket_adapter<WsAdapter>(); })
                 .start();
  {
    auto client = app.connect_websocket();
    client.close();
  }
  app.run();
  EXPECT_EQ(app.get<Told>().lines,
            (std::vector<std::string>{"going first", "going second", "gone first", "gone second"}));
}

}}  // namespace aerie::connection_hook_cases
