#include "mentions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace chat::test { namespace {

using Names = std::vector<std::string>;

/// The candidates at each place.
std::vector<Names> names_in(std::string const& text) {
  std::vector<Names> places;
  for (auto const& [name, place] : mentions::candidates_of(text)) {
    if (place >= places.size()) places.resize(place + 1);
    places[place].push_back(name);
  }
  return places;
}

TEST(MentionsTest, WhoMayBeMeantBehindAnAt) {
  struct Case {
    std::string text;
    std::vector<Names> expected;
  };
  Case const cases[] = {
      {"nobody", {}},
      {"@", {}},
      {"@ Ann", {}},
      {"@@", {{"@"}}},
      {"@Ann", {{"Ann"}}},
      {"hi @Ann!", {{"Ann!", "Ann"}}},
      {"@Ann Lee", {{"Ann Lee", "Ann"}}},
      {"ann@example", {}},
      {"(@Ann) @Bob", {{"Ann) @Bob", "Ann) @", "Ann)", "Ann"}, {"Bob"}}},
      {"@Ann\nLee", {{"Ann"}}},
      {"@\uBBFC\uC218\uB2D8", {{"\uBBFC\uC218\uB2D8", "\uBBFC\uC218", "\uBBFC"}}},
      {"@" + std::string(40, 'x'), {}},
      {"@" + std::string(32, 'x'), {{std::string(32, 'x')}}},
      {"@\xff", {}},
  };
  for (auto const& [text, expected] : cases)
    EXPECT_EQ(names_in(text), expected) << text;
}

TEST(MentionsTest, LooksAtSoManyAndNoMore) {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "@" + std::to_string(i) + "\n";
  EXPECT_EQ(names_in(text).size(), mentions::most_places);
  std::string const longest(100'000, '@');
  EXPECT_LE(mentions::candidates_of(longest).size(), mentions::most_places * 32);
}

}}  // namespace chat::test
