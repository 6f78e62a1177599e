#include "unit/edges/edges_fixture.hpp"
#include "unit/support/allocated.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

// Each allocation of the server fails in turn. A client may be refused or lose its connection for it, and
// nothing else: the process lives, the others are answered, and nothing is left when the client has gone.
namespace aerie::test { namespace {

/// Something that a client does: what it has sent before, and what the server is at when memory is out.
struct Step {
  std::string name;
  Over transport = Over::websocket;
  std::function<void(SocketIoClient&)> before;
  std::string bytes;
};

void PrintTo(Step const& step, std::ostream* out) {
  *out << step.name;
}

struct World : EdgesWorld {
  World() {
    io->on("echo", [](Value const& value) { return value; });
    io->on("say", [this](Socket& socket, std::string const& text) {
      socket.join("room");
      io->to("room").emit("said", text);
    });
    io->on("later", [](Value const& value) -> Task<Value> { co_return value; });
    io->of("/other").use([](Socket&, Next const& next) { next(); });
    let_the_witness_in();
    if (!witness_is_answered()) ADD_FAILURE() << "a witness that nobody has harmed";
  }
  std::size_t held() const { return server->runtime.stats().shards[0].bytes_held; }
};

class WithoutMemory : public testing::TestWithParam<Step> {};

TEST_P(WithoutMemory, AClientMayBeLostAndNobodyElse) {
  auto const& step = GetParam();
  auto failed = true;
  for (std::size_t others = 0; failed; ++others) {
    SCOPED_TRACE(others);
    World world;
    auto const held = world.held();
    {
      SocketIoClient client(*world.server, step.transport);
      step.before(client);
      auto& connection = client.websocket ? client.websocket->connection : client.polling->posts;
      connection.write(step.bytes);
      fail_allocation_after(others);
      world.server->runtime.shard(0).run_ready();
      failed = allocation_has_failed();
      world.server->run();
      ASSERT_TRUE(world.witness_is_answered());
      if (client.websocket) client.websocket->connection.reset();
    }
    world.server->advance(core::Milliseconds{60'000});
    ASSERT_TRUE(world.witness_is_answered());
    ASSERT_EQ(world.held(), held);
    ASSERT_EQ(world.io->stats().clients, 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Steps, WithoutMemory,
    testing::Values(Step{"joining", Over::websocket, [](SocketIoClient&) {}, text_packet("0")},
                    Step{"joining another namespace", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         text_packet("0/other,{\"token\":\"abc\"}")},
                    Step{"an event", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         text_packet(R"(21["echo",[1,"two"]])")},
                    Step{"a task", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         text_packet(R"(21["later",{"a":1}])")},
                    Step{"a broadcast", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         text_packet(R"(2["say","hello"])")},
                    Step{"bytes", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         text_packet(R"(51-1["echo",{"_placeholder":true,"num":0}])") +
                             websocket::test::binary_frame("bytes")},
                    Step{"a message in fragments", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         websocket::test::wire({.first = 0x01, .payload = "42[\"say\","}) +
                             websocket::test::wire({.first = 0x80, .payload = "\"x\"]"})},
                    Step{"leaving", Over::websocket, [](SocketIoClient& c) { c.join(); }, text_packet("1")},
                    Step{"what is no packet", Over::websocket, [](SocketIoClient& c) { c.join(); },
                         text_packet("nonsense")}),
    [](auto const& info) {
      std::string name = info.param.name;
      std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
      return name;
    });

}}  // namespace aerie::test
