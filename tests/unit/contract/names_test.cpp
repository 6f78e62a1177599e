#include "contract/names.hpp"

#include <gtest/gtest.h>

#include <set>

namespace aerie { inline namespace v1 { namespace contract { namespace {

TEST(ContractNames, MakesIdentifiersOfWhateverThereIs) {
  EXPECT_EQ(pascal_case("/rooms/chat"), "RoomsChat");
  EXPECT_EQ(pascal_case("shop-news"), "ShopNews");
  EXPECT_EQ(pascal_case("alreadyPascal"), "AlreadyPascal");
  EXPECT_EQ(pascal_case("/2nd"), "_2nd");
  EXPECT_EQ(pascal_case("/"), "");
  EXPECT_EQ(without_suffix("ChatGateway", "Gateway"), "Chat");
  EXPECT_EQ(without_suffix("Gateway", "Gateway"), "Gateway");
  EXPECT_EQ(without_suffix("Doors", "Gateway"), "Doors");
}

TEST(ContractNames, TellsIdentifiersFromOtherNames) {
  for (auto const* const name : {"a", "_a1", "$", "joinRoom"})
    EXPECT_TRUE(is_identifier(name)) << name;
  for (auto const* const name : {"", "1a", "join room", "join:room", "ä", "a-b"})
    EXPECT_FALSE(is_identifier(name)) << name;
}

TEST(ContractNames, NumbersANameThatIsTaken) {
  std::set<std::string> const taken{"Room", "Room2"};
  auto const is_free = [&](std::string const& name) { return !taken.contains(name); };
  EXPECT_EQ(free_name("Room", is_free), "Room3");
  EXPECT_EQ(free_name("Chat", is_free), "Chat");
}

}}}}  // namespace aerie::v1::contract
