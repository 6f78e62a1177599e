#pragma once

/// \file
/// Which members of a described struct an object had that is being read.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aerie { inline namespace v1 { namespace schema {

/// By the index of the member. Up to 64 of them take no allocation.
class SeenMembers {
 public:
  explicit SeenMembers(std::size_t count) : rest_(count > first_count ? count - first_count : 0) {}

  bool operator[](std::size_t index) const {
    return index < first_count ? (first_ >> index & 1U) != 0 : rest_[index - first_count];
  }
  void add(std::size_t index) {
    if (index < first_count) {
      first_ |= std::uint64_t{1} << index;
    } else {
      rest_[index - first_count] = true;
    }
  }

 private:
  static constexpr std::size_t first_count = 64;
  std::uint64_t first_ = 0;
  std::vector<bool> rest_;
};

}}}  // namespace aerie::v1::schema
