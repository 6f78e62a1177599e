#include <aerie/socketio/pattern.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace aerie { namespace {

using Groups = std::vector<std::pair<std::string, std::string>>;

TEST(Pattern, MatchesAnywhereUnlessItIsAnchored) {
  EXPECT_TRUE(Pattern("dyn").matches("/a-dynamic-one"));
  EXPECT_FALSE(Pattern("^/dyn-\\d+$").matches("/a/dyn-1"));
}

TEST(Pattern, NamesItsGroups) {
  EXPECT_EQ(Pattern("(a)(?P<b>b)(?:c)(d)").group_names(), (std::vector<std::string>{"1", "b", "3"}));
  EXPECT_TRUE(Pattern("^/x$").group_names().empty());
}

TEST(Pattern, TellsWhatItsGroupsHaveMatched) {
  Pattern const pattern("^/(?P<house>\\w+)(?:/(\\d+))?$");
  EXPECT_EQ(pattern.groups("/hall/7"), (Groups{{"house", "hall"}, {"2", "7"}}));
  EXPECT_EQ(pattern.groups("/hall"), (Groups{{"house", "hall"}})) << "one that had no part is left out";
  EXPECT_EQ(pattern.groups("/"), Groups());
  EXPECT_EQ(Pattern("^/(.*)$").groups("/"), (Groups{{"1", ""}})) << "one that has matched nothing is there";
}

TEST(Pattern, RefusesWhatCannotBeRead) {
  EXPECT_THROW(Pattern("(("), std::invalid_argument);
}

}}  // namespace aerie
