#include "unit/edges/edges_fixture.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace aerie::test { namespace {

using namespace std::chrono_literals;

/// Something that users are given and may keep for ever: what makes the server give it, and how it is used.
struct Handle {
  std::string name;
  using Use = std::function<void()>;
  std::function<void(EdgesWorld&, Use&)> give;
  std::function<void(ServerOptions&, Use&)> set = [](ServerOptions&, Use&) {};
  std::string nsp = "/";
};

std::function<void(EdgesWorld&, Handle::Use&)> at_connection(
    std::function<void(Socket&, Handle::Use&)> keep) {
  return [keep = std::move(keep)](EdgesWorld& world, Handle::Use& use) {
    world.io->on_connection([keep, &use](Socket& socket) { keep(socket, use); });
  };
}

std::vector<Handle> all_handles() {
  return {
      {"SocketHandle", at_connection([](Socket& socket, Handle::Use& use) {
         use = [handle = socket.handle()] {
           handle.emit("x", 1);
           handle.join({"room"});
           handle.leave("room");
           handle.run([](Socket& found) { found.emit("never", 1); });
           handle.disconnect(true);
         };
       })},
      {"Ack", [](EdgesWorld& world,
                 Handle::Use& use) { world.io->on("x", [&use](Ack<int> ack) { use = [ack] { ack(1); }; }); }},
      {"BroadcastOperator", at_connection([](Socket& socket, Handle::Use& use) {
         use = [room = socket.to("room"), everybody = socket.broadcast()] {
           room.emit("x", 1);
           room.timeout(1s).emit("x", [](BroadcastReply) {});
           room.sockets_join({"other"});
           room.disconnect_sockets();
           everybody.volatile_().emit("x");
         };
       })},
      {"shared_ptr<Namespace>", at_connection([](Socket& socket, Handle::Use& use) {
         use = [nsp = socket.nsp().shared_from_this()] {
           nsp->emit("x", 1);
           nsp->timeout(1s).emit("x", [](BroadcastReply) {});
           nsp->disconnect_sockets();
         };
       })},
      {"RemoteSocket",
       [](EdgesWorld& world, Handle::Use& use) {
         world.io->on("x", [&use](Socket& socket) -> Task<void> {
           auto const sockets = co_await socket.nsp().fetch_sockets();
           use = [found = sockets.front()] {
             found.emit("x", 1);
             found.timeout(1s).emit("x", [](AckReply) {});
             found.join({"room"});
             found.disconnect();
           };
         });
       }},
      {"Next",
       [](EdgesWorld& world, Handle::Use& use) {
         world.io->use([&use](Socket&, Next next) {
           use = [next] {
             next();
             next(ConnectError("no"));
           };
         });
       }},
      {"Accept",
       [](EdgesWorld& world, Handle::Use& use) {
         world.io->of([&use](std::string_view, Value const&, ParentNamespace::Accept accept) {
           use = [accept] { accept(true); };
         });
       },
       [](ServerOptions&, Handle::Use&) {}, "/parent"},
      {"RequestStep",
       [](EdgesWorld& world, Handle::Use& use) {
         world.io->engine().use([&use](engineio::RequestStep step) {
           use = [step] {
             step.next();
             step.fail();
             step.respond(http::Response::text(200, "late"));
           };
         });
       }},
      {"Decision", [](EdgesWorld&, Handle::Use&) {},
       [](ServerOptions& options, Handle::Use& use) {
         options.engine.allow_request = [&use](http::RequestHead const&, engineio::Decision decision) {
           use = [decision] {
             decision.allow();
             decision.deny("late");
           };
         };
       }},
      {"NewId", [](EdgesWorld&, Handle::Use&) {},
       [](ServerOptions& options, Handle::Use& use) {
         options.engine.generate_id = [&use](http::RequestHead const&, engineio::NewId id) {
           use = [id] {
             id.use("late");
             id.fail();
           };
         };
       }},
      {"Exchange",
       [](EdgesWorld& world, Handle::Use& use) {
         struct Keeper final : http::Service, http::ExchangeOwner {
           explicit Keeper(Handle::Use& to_use) : use(to_use) {}
           void begin(http::Exchange& exchange) override {
             use = [kept = exchange]() mutable {
               std::string rest;
               if (kept) return;  // of a server that is still there
               kept.respond(200, "", "late");
               kept.take_over(rest);
               kept.drop();
             };
             exchange.hold(*this);
           }
           void on_aborted(http::Exchange&) override {}
           Handle::Use& use;
         };
         auto const service = std::make_shared<Keeper>(use);
         world.kept.push_back(service);
         world.server->http.mount("/kept", *service);
         world.other = world.server->connect();
         world.other->write(get_request("/kept"));
         world.server->run();
       }},
      {"Scheduled", at_connection([](Socket& socket, Handle::Use& use) {
         auto& runtime = socket.shard().runtime();
         auto const late = std::make_shared<Scheduled>(after(runtime, 1h, [] { FAIL(); }));
         auto const again = std::make_shared<Scheduled>(every(runtime, 1h, [] { FAIL(); }));
         use = [late, again] {
           // The other one is cancelled when it is destroyed, after everything else.
           EXPECT_TRUE(late->pending());
           again->cancel();
           EXPECT_FALSE(again->pending());
         };
       })},
      {"AckReply",
       [](EdgesWorld& world, Handle::Use& use) {
         world.io->on("x", [&use](Socket& socket) {
           socket.timeout(1s).emit("q", [&use](AckReply reply) {
             use = [reply = std::make_shared<AckReply>(std::move(reply))] {
               EXPECT_THROW(static_cast<void>(reply->get<int>()), std::exception);
             };
           });
           socket.disconnect();
         });
       }},
      {"Completer",
       [](EdgesWorld& world, Handle::Use& use) {
         world.io->on("x", [&use](Socket&) -> Task<int> {
           core::Completion<int> completion;
           use = [completer = std::make_shared<core::Completer<int>>(completion.completer())] {
             (*completer)(1);
           };
           co_return co_await completion;
         });
       }},
      {"Reply", at_connection([](Socket& socket, Handle::Use& use) {
         core::Question<int> question(socket.shard());
         use = [reply = question.ask(10s, [](std::optional<int>) { FAIL(); })] { reply(1); };
       })},
      {"AnchorRef", at_connection([](Socket& socket, Handle::Use& use) {
         core::Anchor anchor(socket.shard());
         use = [ref = anchor.ref()] { ref.run([] { FAIL(); }); };
       })},
  };
}

void outlive(bool runtime_turns, bool client_goes_first) {
  for (auto const& handle : all_handles()) {
    SCOPED_TRACE(handle.name);
    Handle::Use use;
    {
      ServerOptions options;
      handle.set(options, use);
      EdgesWorld world(std::move(options));
      handle.give(world, use);
      auto& client = world.add_client();
      client.join(handle.nsp);
      client.send("21[\"x\",1]");
      ASSERT_TRUE(use) << "nothing was given";
      if (client_goes_first) {
        world.clients.clear();
        world.server->run();
        use();
      }
      world.io.reset();
      use();
      if (runtime_turns) {
        world.server->run();
        use();
        world.server->advance(60s);
      }
      use();
      world.clients.clear();
      world.server.reset();
    }
    use();
  }
}

TEST(Handles, OutliveTheServerWhileTheRuntimeTurns) {
  outlive(true, false);
}

TEST(Handles, OutliveTheServerAndARuntimeThatDoesNotTurn) {
  outlive(false, false);
}

TEST(Handles, OutliveTheirClientTheServerAndTheRuntime) {
  outlive(true, true);
  outlive(false, true);
}

}}  // namespace aerie::test
