#include "load/prose.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <stdexcept>
#include <vector>

namespace load { namespace {

std::size_t compressed(std::string_view text) {
  auto size = ::compressBound(text.size());
  std::vector<Bytef> bytes(size);
  EXPECT_EQ(::compress(bytes.data(), &size, reinterpret_cast<Bytef const*>(text.data()), text.size()), Z_OK);
  return size;
}

TEST(Prose, HasTheSizeThatIsWanted) {
  for (std::size_t const size : {0U, 1U, 1000U, 65536U})
    EXPECT_EQ(prose(size, 12345).size(), size);
  EXPECT_THROW(prose(65537, 1), std::invalid_argument);
}

TEST(Prose, CompressesAsWhatPeopleWriteDoes) {
  auto const size = compressed(prose(16384, 1));
  EXPECT_GT(size, 16384U / 5);
  EXPECT_LT(size, 16384U / 2);
}

TEST(Prose, IsAnotherForTheNextMessage) {
  for (std::size_t number = 0; number < 100; ++number)
    EXPECT_NE(prose(64, number), prose(64, number + 1)) << number;
}

}}  // namespace load
