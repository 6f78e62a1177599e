// What services send through.

#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

namespace aerie { namespace emitter_cases {

using namespace std::chrono_literals;

class NewsGateway;

/// Needs the namespace of a gateway that needs this service.
class News {
 public:
  News(Emitter<NewsGateway>& clients, Server& server, Namespace& nsp) : clients_(clients), server_(server) {
    name = nsp.name();
    from_constructor = clients.nsp().name();
  }
  void tell(std::string_view what) { clients_.emit("news", std::string(what)); }
  void tell_room(std::string_view what) { clients_.to("room").emit("news", std::string(what)); }
  Server& server() { return server_; }

  std::string name;
  std::string from_constructor;

 private:
  Emitter<NewsGateway>& clients_;
  Server& server_;
};

/// Needs a service that needs the server.
class Editor {
 public:
  explicit Editor(News& news) : news(news) {}
  void on_module_init() { news.tell("nobody hears this"); }
  News& news;
};

/// Needs none of these.
class Plain {};

class NewsGateway {
 public:
  NewsGateway(Editor& editor, Runtime& runtime) : editor_(editor), runtime_(runtime) {}
  static void describe(Gateway<NewsGateway>& g) {
    g.at("/news");
    g.on<&NewsGateway::join>();
    g.on<&NewsGateway::at_once>("at once");
    g.on<&NewsGateway::in_a_task>("in a task");
    g.on<&NewsGateway::from_a_thread>("from a thread");
    g.on<&NewsGateway::from_a_thread_by_hand>("from a thread by hand");
    g.on<&NewsGateway::from_another_shard>("from another shard");
    g.connected<&NewsGateway::connected>();
  }

 private:
  void connected(Socket& socket) { socket.join("room"); }
  void join(Socket& socket, std::string const& room) { socket.join(room); }
  std::string at_once(std::string const& text) {
    editor_.news.tell_room(text);
    return text;
  }
  Task<std::string> in_a_task(std::string text) {
    co_await sleep_for(1ms);
    editor_.news.tell_room(text);
    co_return text;
  }
  Task<std::string> from_a_thread(std::string text) {
    core::Completion<> told;
    std::thread([&, give = told.completer()]() mutable {
      editor_.news.tell_room(text);
      give();
    }).join();
    co_await told;
    co_return text;
  }
  void from_a_thread_by_hand(std::string const& text, Ack<std::string> ack) {
    std::thread([&] {
      editor_.news.tell_room(text);
      ack(text);
    }).join();
  }
  static Task<void> tell_and_give(News& news, std::string text, core::Completer<void> give) {
    news.tell_room(text);
    give();
    co_return;
  }
  Task<std::string> from_another_shard(std::string text) {
    core::Completion<> told;
    auto& shard = runtime_.shard(runtime_.shard_count() - 1);
    auto task = tell_and_give(editor_.news, text, told.completer());
    spawn(shard, std::move(task));
    co_await told;
    co_return text;
  }

  Editor& editor_;
  Runtime& runtime_;
};

struct NewsModule {
  static void describe(Module& m) {
    m.provides<News>().provides<Editor>().provides<Plain>().gateways<NewsGateway>();
  }
};

/// What handlers do before they answer.
constexpr std::string_view ways[] = {"at once", "in a task", "from a thread", "from a thread by hand",
                                     "from another shard"};

class Emitters : public ::testing::TestWithParam<unsigned> {};

TEST_P(Emitters, AreThereInConstructors) {
  test::ApplicationOnAClock<NewsModule> server(GetParam());
  server.app.init();
  EXPECT_EQ(server.app.get<News>().name, "/news");
  EXPECT_EQ(server.app.get<News>().from_constructor, "/news");
  EXPECT_EQ(&server.app.get<News>().server(), &server.app.get<Server>());
  EXPECT_EQ(&server.app.get<Namespace>(), &server.app.get<Server>().of("/news"));
}

TEST_P(Emitters, SendWhatComesBeforeTheAnswerBeforeIt) {
  test::ApplicationOnAClock<NewsModule> server(GetParam());
  server.app.init();
  for (std::size_t shard = 0; shard < GetParam(); ++shard) {
    test::SocketIoClient client(server, test::Over::websocket, shard);
    client.join("/news");
    for (auto const way : ways) {
      SCOPED_TRACE(std::string(way) + " on shard " + std::to_string(shard));
      client.send(core::concat("2/news,7[\"", way, "\",\"x\"]"));
      server.run();
      server.advance(1ms);
      server.run();
      EXPECT_EQ(client.take_text(), "2/news,[\"news\",\"x\"] 3/news,7[\"x\"]");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OnShards, Emitters, ::testing::Values(1U, 3U));

TEST(Emitter, IsBuiltWithWhoAsksForItWhenTheApplicationStarts) {
  test::ApplicationOnAClock<NewsModule> server;
  static_cast<void>(server.app.get<Plain>());
  EXPECT_TRUE(server.app.provides<Editor>());
  for (auto const& ask : {std::function<void()>([&] { static_cast<void>(server.app.get<News>()); }),
                          std::function<void()>([&] { static_cast<void>(server.app.get<Editor>()); }),
                          std::function<void()>([&] { static_cast<void>(server.app.get<Server>()); })}) {
    try {
      ask();
      FAIL();
    } catch (gateway::StartError const& error) {
      EXPECT_NE(std::string(error.what()).find("call init() or listen() first"), std::string::npos)
          << error.what();
    }
  }
  server.app.init();
  static_cast<void>(server.app.get<Editor>());
}

// --- What cannot be

/// What stops the start of an application of `Root`.
template <class Root, class Adapter = SocketIoAdapter>
std::string start_error() {
  test::ApplicationOnAClock<Root> server;
  if constexpr (!std::is_same_v<Adapter, SocketIoAdapter>)
    server.app.template use_websocket_adapter<Adapter>();
  try {
    server.app.init();
  } catch (gateway::StartError const& error) {
    return error.what();
  }
  return "(it starts)";
}

struct Lonely {
  explicit Lonely(Emitter<NewsGateway>& clients) : clients(clients) {}
  Emitter<NewsGateway>& clients;
};

class PatternGateway {
 public:
  static void describe(Gateway<PatternGateway>& g) { g.matching("^/room-"); }
};
struct AsksForAPattern {
  explicit AsksForAPattern(Emitter<PatternGateway>&) {}
};

class AdminGateway {
 public:
  static void describe(Gateway<AdminGateway>& g) { g.at("/admin").options({.path = "/admin"}); }
};
class ShopGateway {
 public:
  static void describe(Gateway<ShopGateway>& g) { g.at("/shop").options({.path = "/shop"}); }
};
struct AsksForTheServer {
  explicit AsksForTheServer(Server&) {}
};
struct AsksForANamespace {
  explicit AsksForANamespace(Namespace&) {}
};
struct AsksForShop {
  explicit AsksForShop(Emitter<ShopGateway>& shop) : name(shop.nsp().name()) {}
  std::string name;
};

class PlainGateway {
 public:
  static void describe(Gateway<PlainGateway>&) {}
};
struct AsksForPlain {
  explicit AsksForPlain(Emitter<PlainGateway>&) {}
};

struct ServerSettings {
  explicit ServerSettings(Server&) {}
};
class CircularGateway {
 public:
  static void describe(Gateway<CircularGateway>& g) {
    g.options([](ServerSettings&) { return GatewayOptions{}; });
  }
};

TEST(Emitter, StopsTheStartWhereItCannotBe) {
  struct WithoutGateway {
    static void describe(Module& m) { m.provides<Lonely>(); }
  };
  EXPECT_EQ(start_error<WithoutGateway>(),
            "aerie: aerie::Emitter<NewsGateway> is asked for, but no module lists that gateway; add "
            "m.gateways<NewsGateway>()");
  struct WithPattern {
    static void describe(Module& m) { m.provides<AsksForAPattern>().gateways<PatternGateway>(); }
  };
  EXPECT_EQ(
      start_error<WithPattern>(),
      "aerie: aerie::Emitter<PatternGateway> is asked for, but it has many namespaces, those that match "
      "^/room-; ask for aerie::Server& and take `of(name)`");
  struct Elsewhere {
    static void describe(Module& m) { m.provides<AsksForTheServer>().gateways<ShopGateway>(); }
  };
  EXPECT_EQ(
      start_error<Elsewhere>(),
      "aerie: aerie::Server& is asked for, but no gateway is on Socket.IO at the application's own port and "
      "the path /socket.io; ask for the aerie::Emitter of a gateway");
  struct Several {
    static void describe(Module& m) { m.provides<AsksForANamespace>().gateways<ShopGateway, AdminGateway>(); }
  };
  EXPECT_EQ(
      start_error<Several>(),
      "aerie: aerie::Namespace& is asked for, but the gateways have several (/shop, /admin); ask for the "
      "aerie::Emitter of a gateway and its nsp()");
  struct OtherAdapter {
    static void describe(Module& m) { m.provides<AsksForPlain>().gateways<PlainGateway>(); }
  };
  EXPECT_EQ(
      (start_error<OtherAdapter, WsAdapter>()),
      "aerie: aerie::Emitter<PlainGateway> is asked for, but the application's WebSocket adapter has no "
      "Socket.IO namespaces; use what the adapter itself has (WsAdapter::broadcast)");
  struct Circular {
    static void describe(Module& m) { m.provides<ServerSettings>().gateways<CircularGateway>(); }
  };
  EXPECT_EQ(
      start_error<Circular>(),
      "aerie: the options of CircularGateway are made of something that asks for the server, which is made "
      "of these options; make them of something else");
}

TEST(Emitter, KnowsTheNamespaceOfEachGateway) {
  struct Root {
    static void describe(Module& m) { m.provides<AsksForShop>().gateways<ShopGateway, AdminGateway>(); }
  };
  test::ApplicationOnAClock<Root> server;
  server.app.init();
  EXPECT_EQ(server.app.get<AsksForShop>().name, "/shop");
}

TEST(Emitter, NeedsNothingWhereNobodyAsks) {
  struct Root {
    static void describe(Module& m) { m.gateways<PlainGateway>(); }
  };
  EXPECT_EQ((start_error<Root, WsAdapter>()), "(it starts)");
}

// --- The servers of an adapter

TEST(SocketIoAdapterOptions, TellPathsApart) {
  struct Root {
    static void describe(Module& m) { m.gateways<ShopGateway, AdminGateway>(); }
  };
  struct MyAdapter : SocketIoAdapter {
    explicit MyAdapter(std::vector<std::string>& seen) : seen_(seen) {}
    void configure(GatewayServer const& server, ServerOptions& options) override {
      seen_.push_back(
          core::concat(server.port ? "own port" : "application", " ", server.path, " ", server.gateways));
      if (server.path == "/admin") options.engine.max_http_buffer_size = 10;
    }
    std::vector<std::string>& seen_;
  };
  std::vector<std::string> seen;
  test::ApplicationOnAClock<Root> server;
  server.app.use_websocket_adapter<MyAdapter>(seen);
  server.app.init();
  EXPECT_EQ(seen,
            (std::vector<std::string>{"application /shop ShopGateway", "application /admin AdminGateway"}));
  EXPECT_NE(server.get("/admin/?EIO=4&transport=polling").body.find("\"maxPayload\":10}"), std::string::npos);
  EXPECT_NE(server.get("/shop/?EIO=4&transport=polling").body.find("\"maxPayload\":1000000}"),
            std::string::npos);
}

}}  // namespace aerie::emitter_cases
