// The texts of docs/errors.md that stop a start, as its readers meet them.
#include <aerie/gateway/gateways.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace aerie { namespace start_error_cases {

/// What a program with this module says instead of starting.
template <class Root>
std::string start_error() {
  try {
    auto app = Application::create<Root>({.runtime = {.log_level = LogLevel::error}});
    app.init();
  } catch (std::exception const& error) {
    return error.what();
  }
  return "it has started";
}

class MessageStore {};

class ChatService {
 public:
  explicit ChatService(MessageStore&) {}
};

class ChatGateway {
 public:
  explicit ChatGateway(ChatService&) {}
  static void describe(Gateway<ChatGateway>& g) { g.at("/chat"); }
};

TEST(StartError, NamesTheChainToAProviderThatIsMissing) {
  struct ChatModule {
    static void describe(Module& m) { m.provides<ChatService>().gateways<ChatGateway>(); }
  };
  EXPECT_EQ(start_error<ChatModule>(),
            "aerie: ChatService → MessageStore: no provider; add m.provides<MessageStore>() to ChatModule or "
            "import a "
            "module that exports it");
}

struct StoreModule {
  static void describe(Module& m) { m.provides<MessageStore>(); }
};

TEST(StartError, NamesTheModuleThatKeepsAProviderToItself) {
  struct ChatModule {
    static void describe(Module& m) {
      m.imports<StoreModule>();
      m.provides<ChatService>().gateways<ChatGateway>();
    }
  };
  EXPECT_EQ(start_error<ChatModule>(),
            "aerie: ChatService → MessageStore: MessageStore is private to StoreModule; let StoreModule "
            "export it, and "
            "ChatModule import StoreModule");
}

class RoomService;

class UserService {
 public:
  explicit UserService(RoomService&) {}
};

class RoomService {
 public:
  explicit RoomService(UserService&) {}
};

TEST(StartError, NamesACycle) {
  struct ChatModule {
    static void describe(Module& m) { m.provides<UserService>().provides<RoomService>(); }
  };
  EXPECT_EQ(start_error<ChatModule>(),
            "aerie: UserService → RoomService → UserService: these need each other; break the cycle with a "
            "factory, or "
            "move what both need into a class of its own");
}

struct LobbyGateway {
  static void describe(Gateway<LobbyGateway>& g) {
    g.at("/lobby").options({.cors = http::CorsOptions{.origin = "https://a.example"}});
  }
};

struct OtherGateway {
  static void describe(Gateway<OtherGateway>& g) {
    g.at("/other").options({.cors = http::CorsOptions{.origin = "https://b.example"}});
  }
};

TEST(StartError, NamesGatewaysThatWantDifferentThingsOfOneServer) {
  struct ChatModule {
    static void describe(Module& m) { m.gateways<LobbyGateway, OtherGateway>(); }
  };
  EXPECT_EQ(start_error<ChatModule>(),
            "aerie: OtherGateway and LobbyGateway share a server (one port and path) but set its `cors` "
            "differently; "
            "set it in one of them, or give one another port or path");
}

TEST(StartError, NamesAGatewayThatIsListedTwice) {
  struct RoomsModule {
    static void describe(Module& m) { m.gateways<LobbyGateway>(); }
  };
  struct ChatModule {
    static void describe(Module& m) { m.imports<RoomsModule>().gateways<LobbyGateway>(); }
  };
  EXPECT_EQ(
      start_error<ChatModule>(),
      "aerie: LobbyGateway is a gateway of both RoomsModule and ChatModule, and would handle every message "
      "twice; list it in one of them");
}

struct ChannelGateway {
  static void describe(Gateway<ChannelGateway>& g) {
    g.matching("^/channel-\\w+$");
    g.after_init<&ChannelGateway::opened>();
  }
  void opened(Namespace&) {}
};

TEST(StartError, TellsAGatewayWhatItsAfterInitTakes) {
  struct ChatModule {
    static void describe(Module& m) { m.gateways<ChannelGateway>(); }
  };
  EXPECT_EQ(
      start_error<ChatModule>(),
      "aerie: this gateway serves namespaces by a pattern; its after_init takes an aerie::ParentNamespace&");
}

struct EmptyModule {
  static void describe(Module&) {}
};

class AnyGuard {
 public:
  bool can_activate(ExecutionContext&) { return true; }
};

TEST(StartError, SaysThatSomethingComesTooLate) {
  auto app = Application::create<EmptyModule>();
  app.init();
  try {
    app.use<AnyGuard>();
    FAIL() << "it was accepted";
  } catch (gateway::StartError const& error) {
    EXPECT_STREQ(error.what(), "aerie: call use before init() and listen()");
  }
}

// Layers and the floors below gateways throw std::invalid_argument for settings that cannot be.
TEST(StartError, IsWhatImpossibleSettingsBecome) {
  struct ClosedGateway {
    static void describe(Gateway<ClosedGateway>& g) { g.use<Throttle>(0U, core::Milliseconds{1000}); }
  };
  struct OpenGateway {
    static void describe(Gateway<OpenGateway>& g) {
      g.options({.cors = http::CorsOptions{.origin = "*", .credentials = true}});
    }
  };
  struct ClosedModule {
    static void describe(Module& m) { m.gateways<ClosedGateway>(); }
  };
  struct OpenModule {
    static void describe(Module& m) { m.gateways<OpenGateway>(); }
  };
  auto closed = Application::create<ClosedModule>();
  EXPECT_THROW(closed.init(), gateway::StartError);
  auto open = Application::create<OpenModule>();
  EXPECT_THROW(open.init(), gateway::StartError);
}

TEST(StartError, SaysThatNobodyProvidesWhatTheProgramAsksFor) {
  auto app = Application::create<EmptyModule>();
  try {
    app.get<MessageStore>();
    FAIL() << "there is one";
  } catch (gateway::StartError const& error) {
    EXPECT_STREQ(error.what(), "aerie: no module of this application provides MessageStore");
  }
}

std::uint16_t gateway_port = 0;

struct PortGateway {
  static void describe(Gateway<PortGateway>& g) { g.options({.port = gateway_port}); }
};

struct PortModule {
  static void describe(Module& m) { m.gateways<PortGateway>(); }
};

std::uint16_t free_port() {
  auto app = Application::create<EmptyModule>();
  app.listen(0, "127.0.0.1");
  return app.port();
}

TEST(StartError, NamesAGatewayThatWantsTheApplicationsOwnPort) {
  gateway_port = free_port();
  auto app = Application::create<PortModule>({.runtime = {.log_level = LogLevel::error}});
  std::string text;
  try {
    app.listen(gateway_port, "127.0.0.1");
  } catch (std::exception const& error) {
    text = error.what();
  }
  auto const port = std::to_string(gateway_port);
  if (auto const at = text.find(port); at != text.npos) text.replace(at, port.size(), "3000");
  EXPECT_EQ(text,
            "aerie: PortGateway asks for port 3000, where the application itself listens; leave the port out "
            "to share "
            "it");
}

TEST(StartError, WarnsOfGatewaysThatNobodyCanReach) {
  struct ChatModule {
    static void describe(Module& m) { m.gateways<LobbyGateway>(); }
  };
  std::vector<std::string> said;
  auto const listen = [&](LogRecord const& record) { said.emplace_back(record.message); };
  auto app =
      Application::create<ChatModule>({.runtime = {.log_level = LogLevel::warning, .log_sink = listen}});
  app.use_websocket_adapter<SocketIoAdapter>(SocketIoAdapter::Options{.attach = false});
  app.init();
  std::vector<std::string> const expected = {
      "the Socket.IO server of LobbyGateway is not attached to the application's HTTP server: clients that "
      "ask for "
      "/socket.io/ get a 404; leave SocketIoAdapter::Options::attach on"};
  EXPECT_EQ(said, expected);
}

}}  // namespace aerie::start_error_cases
