#pragma once

/// \file
/// Names that a peer would choose to make a table slow whose hash is libstdc++'s, which has a published seed.

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::test {

/// As many different names of 16 bytes with one value of std::hash; empty where that is another function.
inline std::vector<std::string> colliding_names(std::size_t count) {
  // MurmurHash64A, as libstdc++ uses it: each step can be undone, so the second half is made to fit the
  // first.
  constexpr std::uint64_t factor = 0xC6A4A7935BD1E995U;
  constexpr auto inverse = [] {
    std::uint64_t result = factor;
    for (int i = 0; i < 6; ++i)
      result *= 2 - factor * result;
    return result;
  }();
  auto const mixed = [](std::uint64_t value) { return value ^ (value >> 47U); };
  constexpr std::uint64_t seed = 0xC70F6907U;
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto const begun = ((seed ^ (16 * factor)) ^ (mixed(i * factor) * factor)) * factor;
    std::uint64_t const halves[2] = {i, mixed((begun ^ 42) * inverse) * inverse};
    std::string name(sizeof halves, '\0');
    std::memcpy(name.data(), halves, sizeof halves);
    names.push_back(std::move(name));
  }
  std::hash<std::string_view> const hash;
  for (auto const& name : names)
    if (hash(name) != hash(names.front())) return {};
  return names;
}

/// Others of the same length.
inline std::vector<std::string> ordinary_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t const halves[2] = {i * 0x9E3779B97F4A7C15U, i};
    std::string name(sizeof halves, '\0');
    std::memcpy(name.data(), halves, sizeof halves);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace aerie::test
