#include "unit/core/task_fixture.hpp"
#include "unit/support/fake_redis.hpp"

#include <aerie/emitter/emitter.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace emitter_test { namespace {

using namespace std::chrono_literals;
using aerie::cluster::Emitter;
using aerie::cluster::EmitterOptions;
using Strings = std::vector<std::string>;

class EmitterTest : public aerie::test::TaskFixture {
 protected:
  Emitter& open(EmitterOptions options = {}) {
    options.client.dial = redis.dial();
    options.client.random = [] { return 0.5; };
    emitter = std::make_unique<Emitter>(runtime, std::move(options));
    run();
    return *emitter;
  }
  void run() { redis.run(shard()); }
  void pass(aerie::core::Milliseconds time) {
    clock.advance(time);
    run();
  }
  Strings published() {
    run();
    Strings chosen;
    for (auto const& command : std::exchange(redis.commands, {})) {
      if (command.starts_with("PUBLISH ")) chosen.push_back(command.substr(8, command.find(' ', 8) - 8));
    }
    return chosen;
  }

  aerie::test::FakeRedis redis;
  std::unique_ptr<Emitter> emitter;
};

TEST_F(EmitterTest, SendsToChannelsOfItsNamespaces) {
  auto& emitter = open();
  emitter.emit("news", 1, "two");
  emitter.to("room").emit("news");
  emitter.of("chat").to({"a", "b"}).emit("news");
  emitter.of("/chat").in("a").sockets_join("b");
  emitter.of("/chat").server_side_emit("reload");
  EXPECT_EQ(published(), (Strings{"socket.io#/#", "socket.io#/#room#", "socket.io#/chat#",
                                  "socket.io-request#/chat#", "socket.io-request#/chat#"}));
}

TEST_F(EmitterTest, ARoomIsNamedOnceHoweverOftenItIsSaid) {
  auto& emitter = open({.key = "k"});
  emitter.to("room").to("room").in({"room", "room"}).emit("news");
  EXPECT_EQ(published(), Strings{"k#/#room#"});
}

TEST_F(EmitterTest, OperatorsDoNotChangeWhatTheyComeFrom) {
  auto& emitter = open();
  auto const room = emitter.to("a");
  static_cast<void>(room.to("b").volatile_());
  room.emit("news");
  EXPECT_EQ(published(), Strings{"socket.io#/#a#"});
}

TEST_F(EmitterTest, RefusesReservedEvents) {
  auto& emitter = open();
  for (auto const* event :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_THROW(emitter.emit(event), std::invalid_argument) << event;
  EXPECT_THROW(emitter.server_side_emit("disconnect"), std::invalid_argument);
  EXPECT_TRUE(published().empty());
}

TEST_F(EmitterTest, MayBeUsedOnAnyThread) {
  auto& emitter = open();
  std::thread([to = emitter.to("room")] { EXPECT_TRUE(to.emit("news")); }).join();
  EXPECT_EQ(published(), Strings{"socket.io#/#room#"});
}

TEST_F(EmitterTest, FlushWaitsUntilRedisHasEverything) {
  auto& emitter = open();
  redis.silent = true;
  emitter.emit("news");
  auto const flushed = begin(emitter.flush());
  run();
  EXPECT_FALSE(flushed->has_value());
  redis.silent = false;
  run();
  ASSERT_TRUE(flushed->has_value());
  EXPECT_EQ(flushed->take(), 0U);
}

TEST_F(EmitterTest, SaysHowMuchIsLostWithoutRedis) {
  redis.up = false;
  auto& emitter = open();
  emitter.emit("news");
  emitter.emit("news");
  auto const flushed = begin(emitter.flush());
  for (int i = 0; i < 12; ++i)
    pass(500ms);
  ASSERT_TRUE(flushed->has_value());
  EXPECT_EQ(flushed->take(), 2U);
  EXPECT_EQ(emitter.lost(), 2U);
}

TEST_F(EmitterTest, OperatorsOutliveIt) {
  auto const room = open().to("room");
  emitter.reset();
  EXPECT_FALSE(room.emit("news"));
  run();
}

TEST_F(EmitterTest, RefusesImpossibleSettings) {
  EXPECT_THROW(Emitter(runtime, {.key = ""}), std::invalid_argument);
  EXPECT_THROW(Emitter(runtime, {.url = "http://localhost"}), std::invalid_argument);
}

}}  // namespace emitter_test
