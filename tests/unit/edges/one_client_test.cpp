#include "unit/edges/edges_fixture.hpp"
#include "unit/support/allocated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

// One client that does a thing a hundred thousand times costs at most its caps, whatever the thing is.
namespace aerie::test { namespace {

constexpr std::size_t times = 100'000;
constexpr std::size_t at_once = 100;
constexpr std::size_t mebibyte = std::size_t{1} << 20U;

struct Excess {
  std::string name;
  /// The bytes of one time, whole WebSocket frames.
  std::function<std::string(std::size_t)> bytes;
  /// Most bytes of the heap that it may take at any time, whatever the allocator adds.
  std::size_t cap;
  /// Whether the client is put up with to the end.
  bool is_borne;
  /// Most sockets that it may have had, and most rooms that there may be; its own and the witness' are among
  /// them.
  std::size_t sockets = 1;
  std::size_t rooms = 2;
};

void PrintTo(Excess const& excess, std::ostream* out) {
  *out << excess.name;
}

std::string const attachment = websocket::test::binary_frame(std::string(100, 'b'));
std::string const placeholder = R"({"_placeholder":true,"num":0})";

class OneClient : public testing::TestWithParam<Excess> {
 protected:
  OneClient() {
    world.io->of(Pattern("^/dyn-\\d+$")).on_connection([this](Socket&) { ++sockets; });
    world.io->on_connection([this](Socket&) { ++sockets; });
    world.io->on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
    world.io->on("echo", [](Value const& value) { return value; });
    world.let_the_witness_in();
  }
  std::size_t held() const { return world.server->runtime.stats().shards[0].bytes_held; }

  std::size_t sockets = 0;
  EdgesWorld world;
};

TEST_P(OneClient, CostsAtMostItsCaps) {
  auto const& excess = GetParam();
  ASSERT_TRUE(world.witness_is_answered());
  auto const held_before = held();
  auto const before = allocated();
  auto& client = world.add_client();
  client.join();
  std::size_t most = 0;
  for (std::size_t i = 0; i < times && !client.closed(); i += at_once) {
    std::string bytes;
    for (std::size_t j = i; j < i + at_once; ++j)
      bytes += excess.bytes(j);
    client.websocket->write(bytes);
    client.take();
    world.server->log.clear();
    most = std::max(most, allocated() - before);
    if (i % (times / 20) == 0) {
      ASSERT_TRUE(world.witness_is_answered()) << i;
    }
  }
  EXPECT_LT(most, excess.cap);
  EXPECT_EQ(client.closed(), !excess.is_borne);
  EXPECT_LE(sockets, excess.sockets);
  world.server->in_turn([&] { EXPECT_LE(world.io->sockets().local_rooms().size(), excess.rooms); });
  client.websocket->connection.reset();
  world.clients.clear();
  world.server->run();
  EXPECT_TRUE(world.witness_is_answered());
  EXPECT_EQ(world.io->stats().clients, 1U) << "the witness";
  EXPECT_EQ(held(), held_before);
}

INSTANTIATE_TEST_SUITE_P(
    HundredThousand, OneClient,
    testing::Values(
        Excess{"namespaces", [](std::size_t i) { return text_packet("0/dyn-" + std::to_string(i) + ","); },
               2 * mebibyte, true, 100},
        Excess{"rooms",
               [](std::size_t i) { return text_packet(R"(2["join","room )" + std::to_string(i) + "\"]"); },
               8 * mebibyte, true, 1, 10'001},
        Excess{"events", [](std::size_t i) { return text_packet(R"(2["echo",)" + std::to_string(i) + "]"); },
               mebibyte, true},
        Excess{"events that are acknowledged",
               [](std::size_t i) { return text_packet("2" + std::to_string(i) + R"(["echo",1])"); }, mebibyte,
               true},
        Excess{"events of other names",
               [](std::size_t i) { return text_packet("2[\"" + std::to_string(i) + "\"]"); }, mebibyte, true},
        Excess{"acknowledgements that nobody waits for",
               [](std::size_t i) { return text_packet("3" + std::to_string(i) + "[1]"); }, mebibyte, true},
        Excess{"pings of the WebSocket", [](std::size_t) { return websocket::test::ping_frame("ping"); },
               mebibyte, false},
        Excess{"pings of Engine.IO", [](std::size_t) { return websocket::test::text_frame("2"); }, mebibyte,
               false},
        Excess{"pongs of Engine.IO", [](std::size_t) { return websocket::test::text_frame("3"); }, mebibyte,
               true},
        Excess{"attachments",
               [](std::size_t) { return text_packet("51-[\"echo\"," + placeholder + "]") + attachment; },
               mebibyte, true},
        Excess{"attachments of one packet",
               [](std::size_t i) { return i == 0 ? text_packet("5100000-[\"echo\"]") : attachment; },
               mebibyte, false},
        Excess{"packets that wait for their attachment",
               [](std::size_t) { return text_packet("51-[\"echo\"," + placeholder + "]"); }, mebibyte,
               false}),
    [](auto const& info) {
      std::string name = info.param.name;
      std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
      return name;
    });

}}  // namespace aerie::test
