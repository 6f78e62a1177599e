#include "engineio/transport_types.hpp"

#include <gtest/gtest.h>

namespace aerie::engineio { namespace {

TEST(TransportTypes, HaveEachTheirOwnNameAndUpgradeToNoneOfTheirKind) {
  for (auto const& type : transport_types()) {
    EXPECT_EQ(type_of(type.kind), &type);
    EXPECT_EQ(to_string(type.kind), type.name);
    EXPECT_FALSE(can_upgrade(type.kind, type.kind)) << type.name;
    for (auto const better : type.upgrades_to)
      EXPECT_FALSE(can_upgrade(better, type.kind)) << "and back from " << to_string(better);
  }
}

TEST(TransportTypes, LetPollingUpgradeToWebSocketAlone) {
  EXPECT_TRUE(can_upgrade(TransportKind::polling, TransportKind::websocket));
  EXPECT_FALSE(can_upgrade(TransportKind::websocket, TransportKind::polling));
}

TEST(TransportTypes, AreNotWhatIsNotOnTheList) {
  auto const none = static_cast<TransportKind>(9);
  EXPECT_EQ(type_of(none), nullptr);
  EXPECT_EQ(to_string(none), "");
  EXPECT_FALSE(can_upgrade(none, TransportKind::websocket));
}

}}  // namespace aerie::engineio
