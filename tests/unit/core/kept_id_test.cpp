#include <aerie/core/kept_id.hpp>

#include <gtest/gtest.h>

namespace aerie::core { namespace {

TEST(KeptId, KeepsIdsOfTheUsualSizeInPlaceAndAnyOther) {
  using namespace std::string_literals;
  auto const usual = "0123456789abcdefghij"s;
  EXPECT_EQ(KeptId(usual).view(), usual);
  EXPECT_EQ(KeptId(usual).memory(), 0U);
  for (auto const& text : {""s, "a"s, usual.substr(1), usual + "k", "/nsp#" + usual, std::string(1000, 'x'),
                           "\0"s + usual.substr(1)}) {
    KeptId const id(text);
    EXPECT_EQ(id.view(), text);
    EXPECT_GE(id.memory(), text.size());
  }
}

}}  // namespace aerie::core
