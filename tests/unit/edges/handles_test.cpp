#include "unit/edges/edges_fixture.hpp"

#include <aerie/core/anchor.hpp>
#include <aerie/core/question.hpp>

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
