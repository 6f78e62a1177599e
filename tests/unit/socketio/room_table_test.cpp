#include "socketio/room_table.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace aerie::socketio { namespace {

TEST(RoomTable, FindsRoomsByNameAndByNumber) {
  RoomTable table;
  auto& lobby = table.make("lobby");
  auto& games = table.make("games");
  EXPECT_NE(lobby.number, games.number);
  EXPECT_EQ(table.find("lobby"), &lobby);
  EXPECT_EQ(&table[games.number], &games);
  EXPECT_EQ(table.find("nowhere"), nullptr);
}

TEST(RoomTable, GivesTheNumbersOfRoomsThatHaveEndedToOthers) {
  RoomTable table;
  std::vector<Room*> rooms;
  for (int i = 0; i < 10; ++i)
    rooms.push_back(&table.make("room " + std::to_string(i)));
  table.end(*rooms[3]);
  table.end(*rooms[8]);
  EXPECT_EQ(table.find("room 3"), nullptr);
  rooms[3] = &table.make("another");
  rooms[8] = &table.make("yet another");

  std::set<std::uint32_t> numbers;
  for (auto* const room : rooms) {
    EXPECT_EQ(&table[room->number], room);
    EXPECT_LT(room->number, rooms.size());
    numbers.insert(room->number);
  }
  EXPECT_EQ(numbers.size(), rooms.size());
}

TEST(RoomTable, VisitsEachRoom) {
  RoomTable table;
  table.make("a");
  table.end(table.make("b"));
  table.make("c");
  std::set<std::string> names;
  table.for_each([&](Room const& room) { names.insert(room.name); });
  EXPECT_EQ(names, (std::set<std::string>{"a", "c"}));
}

}}  // namespace aerie::socketio
