// What an adapter may say to its server: messages of others; and what it hears of rooms. adapter_test.cpp
// says with how many shards.

#include "unit/socketio/adapter_fixture.hpp"

namespace aerie::socketio::test { namespace {

// --- What comes from others

TEST_P(AdapterSeam, RefusesWhatCannotBeDone) {
  start_with_adapter();
  auto& here = *script.here;
  auto const nothing = [](ClusterResponse const&) { FAIL(); };
  world.in_turn([&] {
    EXPECT_FALSE(here.deliver({.action = ClusterAction::broadcast, .nsp = "/"}));
    EXPECT_FALSE(here.deliver({.action = ClusterAction::server_side, .nsp = "/"}));
    EXPECT_FALSE(here.deliver({.action = ClusterAction::fetch, .nsp = "/"}));
    EXPECT_FALSE(here.deliver({.action = static_cast<ClusterAction>(99), .nsp = "/"}));
    EXPECT_FALSE(here.answer({.action = ClusterAction::fetch, .nsp = "/"}, nothing));
    EXPECT_FALSE(here.answer({.action = ClusterAction::join, .nsp = "/", .request = 1}, nothing));
    EXPECT_FALSE(here.answer({.action = ClusterAction::broadcast, .nsp = "/", .request = 1}, nothing));
    EXPECT_TRUE(here.deliver({.action = ClusterAction::join, .nsp = "/nowhere"}));
  });
  EXPECT_EQ(io->cluster().malformed, 7U);
}

TEST_P(AdapterSeam, AnswersForAllShardsTogether) {
  start_with_adapter();
  auto first = client_on(0);
  auto second = client_on(1);
  std::vector<ClusterResponse> answers;
  auto const keep = [&](ClusterResponse response) { answers.push_back(std::move(response)); };
  world.in_turn(
      [&] { script.here->answer({.action = ClusterAction::fetch, .nsp = "/", .request = 5}, keep); });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].sockets.size(), 2U);
  EXPECT_EQ(answers[0].request, 5U);
  EXPECT_EQ(answers[0].server, script.here->server_id());
  answers.clear();
  world.in_turn([&] {
    script.here->answer({.action = ClusterAction::broadcast,
                         .nsp = "/",
                         .options = {.timeout = 2s},
                         .payload = EventPayload({"ask"}),
                         .request = 6},
                        keep);
  });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].type, ClusterResponse::Type::client_count);
  EXPECT_EQ(answers[0].client_count, 2U);
  EXPECT_EQ(first.take_text(), R"(20["ask"])");
  EXPECT_EQ(second.take_text(), R"(20["ask"])");
  second.send("30[2]");
  first.send("1");
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[1].answer, Value(2));
  EXPECT_EQ(answers[2].error, AckError::disconnected);
}

TEST_P(AdapterSeam, GivesUpAnsweringWhenNobodyWaitsAnyMore) {
  start_with_adapter();
  auto const alive = std::make_shared<int>(0);
  std::vector<ServerSideAck> kept;
  io->on_server_side("slow", [&](ServerSideAck const& ack) { kept.push_back(ack); });
  int answers = 0;
  world.in_turn([&] {
    script.here->answer(
        {.action = ClusterAction::server_side, .nsp = "/", .payload = EventPayload({"slow"}), .request = 1},
        [&answers, alive](ClusterResponse const&) { ++answers; });
  });
  EXPECT_EQ(alive.use_count(), 2);
  world.advance(5s);
  EXPECT_EQ(alive.use_count(), 1);
  kept.at(0)(7);
  world.run();
  EXPECT_EQ(answers, 0);
}

// --- Rooms

TEST_P(AdapterSeam, IsToldOfRoomsOfTheProcess) {
  script.interest = Adapter::RoomInterest::named;
  start_with_adapter();
  script.take();
  auto first = client_on(0);
  auto second = client_on(1);
  first.send(R"(2["join","r"])");
  second.send(R"(2["join","r"])");
  EXPECT_EQ(script.take(), Strings{"+/ r"});
  first.send(R"(2["leave","r"])");
  EXPECT_EQ(script.take(), Strings{});
  second.send("1");
  EXPECT_EQ(script.take(), Strings{"-/ r"});
}

TEST_P(AdapterSeam, IsToldOfSocketsOwnRoomsIfItWantsToBe) {
  script.interest = Adapter::RoomInterest::all;
  start_with_adapter();
  script.take();
  auto first = client_on(0);
  auto const id = last_id;
  EXPECT_EQ(script.take(), Strings{"+/ " + id});
  auto second = client_on(1);
  script.take();
  second.send("2[\"join\",\"" + id + "\"]");
  first.send("2[\"leave\",\"" + id + "\"]");
  EXPECT_EQ(script.take(), Strings{});
  second.send("2[\"leave\",\"" + id + "\"]");
  EXPECT_EQ(script.take(), Strings{"-/ " + id});
  first.send("1");
  EXPECT_EQ(script.take(), Strings{});
}

TEST_P(AdapterSeam, TellsUsersOfRoomsAsTheyChange) {
  aerie::ServerOptions options;
  start(std::move(options));
  io->on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
  io->on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
  auto const note_room = [this](std::string const& what) {
    return [this, what](std::string_view room) { events.push_back(what + " " + std::string(room)); };
  };
  auto const note_member = [this](std::string const& what) {
    return [this, what](std::string_view room, std::string_view socket) {
      events.push_back(what + " " + std::string(room) + " " + std::string(socket));
    };
  };
  io->on_room_created(note_room("created")).on_room_deleted(note_room("deleted"));
  io->on_room_joined(note_member("joined")).on_room_left(note_member("left"));
  io->on_room_created([](std::string_view) { throw std::runtime_error("a listener that fails"); });
  // On another shard than the first, its creation and end are told in their own time.
  auto const as_told = [&](Strings in_order) {
    auto heard = take_events();
    if (GetParam() > 1) {
      std::ranges::sort(heard);
      std::ranges::sort(in_order);
    }
    EXPECT_EQ(heard, in_order);
  };
  auto first = client_on(1);
  auto const id = last_id;
  as_told({"created " + id, "joined " + id + " " + id});
  EXPECT_TRUE(world.logged("a listener that fails"));
  first.send(R"(2["join","r"])");
  as_told({"created r", "joined r " + id});
  first.send(R"(2["join","r"])");
  as_told({});
  auto second = client_on(0);
  take_events();
  second.send(R"(2["join","r"])");
  as_told({"joined r " + last_id});
  second.send(R"(2["leave","r"])");
  as_told({"left r " + last_id});
  first.send("1");
  as_told({"left " + id + " " + id, "deleted " + id, "left r " + id, "deleted r"});
}

}}  // namespace aerie::socketio::test
