#include <aerie/core/keyed_hash.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace aerie::core { namespace {

TEST(KeyedHash, TellsTextsApartThatDifferInOnePlace) {
  std::set<std::uint64_t> seen;
  for (std::size_t size = 0; size < 40; ++size) {
    seen.insert(keyed_hash(std::string(size, 'x')));
    for (std::size_t at = 0; at < size; ++at) {
      auto text = std::string(size, 'x');
      text[at] = 'y';
      seen.insert(keyed_hash(text));
    }
  }
  EXPECT_EQ(seen.size(), 40U + 39U * 40U / 2U);
}

TEST(KeyedHash, IsTheSameForTheSameText) {
  EXPECT_EQ(keyed_hash("room"), keyed_hash(std::string("room")));
  EXPECT_EQ(KeyedHash()("room"), static_cast<std::size_t>(keyed_hash("room")));
}

}}  // namespace aerie::core
