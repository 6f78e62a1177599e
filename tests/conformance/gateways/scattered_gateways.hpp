#pragma once

/// \file
/// Gateways that are not where clients look first: at another path, on a port of their own, without polling.

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace aerie::gateway::test {

struct Places {
  std::uint16_t own_port = 0;
};

/// On the application's port, but not where clients look by default; with the application's CORS.
class MovedGateway {
 public:
  static void describe(Gateway<MovedGateway>& g) {
    g.options({.path = "/realtime"});
    g.on<&MovedGateway::where>();
  }

 private:
  std::string where() { return "moved"; }
};

/// On a port of its own, with its own CORS.
class OwnGateway {
 public:
  static void describe(Gateway<OwnGateway>& g) {
    g.options([](Places const& places) {
      return GatewayOptions{.port = places.own_port,
                            .cors = http::CorsOptions{.origin = "https://own.example", .credentials = true}};
    });
    g.on<&OwnGateway::where>();
  }

 private:
  std::string where() { return "own"; }
};

/// Another namespace of the same server, which says nothing of what the first has set.
class LobbyGateway {
 public:
  static void describe(Gateway<LobbyGateway>& g) {
    g.at("/lobby").options([](Places const& places) { return GatewayOptions{.port = places.own_port}; });
    g.on<&LobbyGateway::where>();
  }

 private:
  std::string where() { return "lobby"; }
};

/// Another path of the same port: a server of its own, which speaks WebSocket only.
class StrictGateway {
 public:
  static void describe(Gateway<StrictGateway>& g) {
    g.options([](Places const& places) {
      return GatewayOptions{.port = places.own_port,
                            .path = "/strict",
                            .transports = std::vector{engineio::TransportKind::websocket},
                            .cors = http::CorsOptions{.origin = "https://strict.example"}};
    });
    g.on<&StrictGateway::where>();
  }

 private:
  std::string where() { return "strict"; }
};

/// Wants the port and path of OwnGateway, but another CORS.
class StubbornGateway {
 public:
  static void describe(Gateway<StubbornGateway>& g) {
    g.at("/stubborn").options([](Places const& places) {
      return GatewayOptions{.port = places.own_port,
                            .cors = http::CorsOptions{.origin = "https://stubborn.example"}};
    });
    g.on<&StubbornGateway::where>();
  }

 private:
  std::string where() { return "stubborn"; }
};

struct ScatteredModule {
  static void describe(Module& m) { m.gateways<MovedGateway, OwnGateway, LobbyGateway, StrictGateway>(); }
  static DynamicModule for_root(Places places) {
    return dynamic_module<ScatteredModule>([places](Module& m) { m.provides_value(places); });
  }
};

struct ConflictingModule {
  static void describe(Module& m) { m.gateways<OwnGateway, StubbornGateway>(); }
  static DynamicModule for_root(Places places) {
    return dynamic_module<ConflictingModule>([places](Module& m) { m.provides_value(places); });
  }
};

}  // namespace aerie::gateway::test
