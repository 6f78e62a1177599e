#include "unit/socketio/socketio_fixture.hpp"

#include <stdexcept>

/// \file
/// Each name in docs/official-api.md, so that it is known to exist; `script/check-docs` compares the two. And
/// the code of docs/back-pressure.md and docs/recovery.md.

namespace aerie::socketio::test { namespace {

aerie::Task<void> send_history(aerie::Socket& socket, std::vector<std::string> lines) {
  for (auto const& line : lines) {
    auto const connected = co_await socket.emit_paced("line", line);
    if (!connected) co_return;
  }
}

class OfficialApi : public SocketIoFixture {
 protected:
  template <class T>
  void spawn(aerie::Task<T> task) {
    core::start(std::move(task), tasks, [](core::Outcome<T>&&) noexcept {});
  }
  void register_everything() {
    io->use([](aerie::Socket&, aerie::Next const& next) { next(); });
    io->use([](aerie::Socket& socket) {
      if (socket.handshake().url() == "nowhere") throw aerie::ConnectError("no");
    });
    io->on("echo", [](std::string text) { return text; });
    io->on_any([](aerie::Socket&, std::string_view, aerie::Args const&) {});
    io->on_connection([this](aerie::Socket& connected) { socket = &connected; });
    io->on_disconnecting([](aerie::Socket&) {}).on_disconnect([](aerie::Socket&) {});
    io->on_error([](aerie::HandlerError const&) {});
    io->on_server_side("event", [](std::string) {});
    io->on_new_namespace([](aerie::Namespace&) {});
    io->on_room_created([](std::string_view) {}).on_room_deleted([](std::string_view) {});
    io->on_room_joined([](std::string_view, std::string_view) {});
    io->on_room_left([](std::string_view, std::string_view) {});
    io->drop_oldest("position").drop_oldest("trade", 10);
    io->of("/chat").on_connection([](aerie::Socket&) {});
    io->of(aerie::Pattern("^/game-"));
    io->of([](std::string_view, aerie::Value const&, aerie::ParentNamespace::Accept const& accept) {
      accept(false);
    });
  }
  void broadcast_in_every_way() {
    io->emit("event", 1);
    io->send("text");
    io->to("room").in("other").except("third").local().compress(false).volatile_().timeout(1s).emit("event");
    spawn(io->timeout(1s).emit_with_ack("event"));
    spawn(io->fetch_sockets());
    spawn(io->all_sockets());
    io->sockets_join("room");
    io->sockets_leave("room");
    io->in("nobody").disconnect_sockets();
    io->server_side_emit("event", "text");
    spawn(io->server_side_emit_with_ack("event", "text"));
    spawn(io->server_count());
    static_cast<void>(io->cluster());
  }
  void use_the_socket() {
    EXPECT_EQ(socket->id().size(), 20U);
    EXPECT_TRUE(socket->connected());
    EXPECT_FALSE(socket->recovered());
    EXPECT_EQ(socket->recovery(), aerie::Recovery::none);
    EXPECT_EQ(socket->nsp().name(), "/");
    socket->data() = aerie::Value("shown");
    socket->set(std::string("kept"));
    EXPECT_EQ(socket->get<std::string>(), *socket->find<std::string>());
    auto const id = socket->on("event", [] {});
    socket->once("event", [] {});
    EXPECT_TRUE(socket->off("event", id));
    socket->off("event");
    socket->use([](aerie::SocketEvent&, aerie::EventNext const& next) { next(); });
    socket->prepend_any([](std::string_view, aerie::Args const&) {});
    socket->off_any(socket->on_any([](std::string_view, aerie::Args const&) {}));
    EXPECT_EQ(socket->any_listeners(), 1U);
    socket->prepend_any_outgoing([](std::string_view, aerie::Args const&) {});
    socket->off_any_outgoing(socket->on_any_outgoing([](std::string_view, aerie::Args const&) {}));
    EXPECT_EQ(socket->any_outgoing_listeners(), 1U);
    socket->on_disconnecting([] {});
    socket->on_disconnect([] {});
    socket->on_error([](std::string_view) {});
    socket->join("room");
    EXPECT_EQ(socket->rooms().size(), 2U);
    socket->leave("room");
    socket->to("room").emit("event");
    socket->in("room").emit("event");
    socket->except("room").emit("event");
    socket->broadcast().emit("event");
    socket->local().emit("event");
    socket->volatile_().emit("event");
    socket->compress(false).emit("event");
    socket->send("text");
    spawn(socket->timeout(1s).emit_with_ack("event"));
    static_cast<void>(socket->writable());
    EXPECT_GT(socket->buffered_amount(), 0U);
    socket->when_drained([this](bool) { events.emplace_back("drained"); });
    spawn(socket->drained());
    spawn(socket->emit_paced("event"));
    spawn(socket->handle().drained());
    spawn(send_history(*socket, {"one", "two"}));
    socket->remove_all_listeners();
  }
  void use_the_session() {
    auto& session = *socket->conn();
    EXPECT_EQ(session.request().method(), "GET");
    EXPECT_EQ(session.state(), engineio::Session::State::open);
    EXPECT_EQ(session.transport(), engineio::TransportKind::websocket);
    static_cast<void>(session.peer().address());
    static_cast<void>(session.writable());
    session.when_buffered(session.buffered_amount(), [](bool) {});
    auto& heard = session.events();
    heard.packet = heard.packet_create = [](engineio::Packet const&) {};
    heard.flush = heard.drain = heard.heartbeat = [] {};
    if (session.id().empty()) {
      engineio::SessionHandler* const handler = session.handler();
      handler->on_binary("");
      session.send_text("");
      session.send_binary("");
    }
  }
  void use_the_engine() {
    auto& engine = io->engine();
    EXPECT_EQ(engine.clients_count(), 1U);
    EXPECT_EQ(engine.slow_consumers(), 0U);
    engine.use([](engineio::RequestStep const& step) { step.next(); });
    auto& hooks = engine.hooks;
    EXPECT_TRUE(hooks.connection);
    EXPECT_FALSE(hooks.connection_error || hooks.initial_headers || hooks.headers || hooks.upgrading ||
                 hooks.upgrade || hooks.close || hooks.flush || hooks.drain);
    static_cast<void>(&engineio::Server::begin);
  }
  aerie::Socket* socket = nullptr;
  core::TaskContext tasks{world.runtime.shard(0)};
};

TEST_F(OfficialApi, HasACounterpartForEachMember) {
  start();
  register_everything();
  auto member = client();
  member.take();
  world.in_turn([this] {
    use_the_socket();
    use_the_session();
    broadcast_in_every_way();
    auto& main = io->sockets();
    EXPECT_EQ(main.find(socket->id()), socket);
    main.for_each_local([](aerie::Socket&) {});
    EXPECT_EQ(main.socket_count(), 1U);
    EXPECT_FALSE(main.local_rooms().empty());
  });
  use_the_engine();
  EXPECT_EQ(take_events(), Strings{"drained"});
  EXPECT_NE(member.take_text().find("\"two\""), std::string::npos);
  EXPECT_EQ(io->stats().clients, 1U);
  EXPECT_EQ(io->http(), &world.http);
  world.in_turn([this] { socket->disconnect(true); });
  io->drain(1ms);
  world.in_turn([this] { spawn(io->closed()); });
  io->close();
  world.advance(1s);
  EXPECT_EQ(io->stats().clients, 0U);
}

TEST_F(OfficialApi, HasACounterpartForEachOption) {
  aerie::ServerOptions options{
      .path = "/socket.io",
      .serve_client = false,
      .connect_timeout = 45s,
      .middleware_timeout = 30s,
      .close_timeout = 10s,
      .cleanup_empty_child_namespaces = true,
      .adapter = {},
      .parser = {},
      .high_water_mark = 64 * 1024,
      .max_pending_messages = 1000,
  };
  auto& engine = options.engine;
  engine.ping_interval = 25s;
  engine.ping_timeout = 20s;
  engine.upgrade_timeout = 10s;
  engine.max_http_buffer_size = 1'000'000;
  engine.allow_request = [](http::RequestHead const&, engineio::Decision const& decision) {
    decision.allow();
  };
  engine.generate_id = nullptr;
  engine.decision_timeout = 30s;
  engine.allow_upgrades = true;
  engine.transports = {engineio::TransportKind::polling, engineio::TransportKind::websocket};
  engine.per_message_deflate = {};
  engine.http_compression = 1024;
  engine.cors = std::nullopt;
  engine.origin_check = true;
  engine.cookie = engineio::CookieOptions{};
  engine.initial_packet = std::nullopt;
  engine.add_trailing_slash = true;
  engine.allow_eio3 = true;
  engine.outgoing_limit = 1024 * 1024;
  options.http.destroy_upgrade_timeout = 1s;
  start(options);
  EXPECT_EQ(client().join("/nowhere"), "4/nowhere,{\"message\":\"Invalid namespace\"}");
}

/// Those that are compiled only.
[[maybe_unused]] void more(aerie::Server& io, http::Server& http, engineio::Server& engine,
                           engineio::Session& session, aerie::RemoteSocket const& remote,
                           aerie::BroadcastOperator const& operation, aerie::FetchedSockets const& fetched) {
  aerie::ServerOptions options;
  options.connection_state_recovery = {.max_disconnection_duration = std::chrono::minutes(2)};
  options.connection_state_recovery->skip_middlewares = true;
  io.on_connection([](aerie::Socket& socket) {
    if (socket.recovered()) return;
    socket.join("news");
  });
  io.on_connection([](aerie::Socket& socket) {
    socket.at_least_once(30s).emit("invoice", 17, [](aerie::AckReply const& reply) {
      if (!reply) return;  // nobody has answered within 30 s, or the session has ended
      auto const accepted = reply.get<bool>();
      static_cast<void>(accepted);
    });
  });
  static_cast<void>(to_string(aerie::Recovery::none));
  io.on_session_expired([](aerie::ExpiredSession const&) {});
  io.attach(http);
  io.listen(0);
  io.bind(engine);
  io.adopt(session);
  engine.attach(http);
  engine.close();
  session.close(true);
  static_cast<void>(remote.id());
  static_cast<void>(operation.to("room"));
  static_cast<void>(fetched.size() + io.options().path.size());
}

}}  // namespace aerie::socketio::test
