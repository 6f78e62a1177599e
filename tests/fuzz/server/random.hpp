#pragma once

/// \file
/// The source of all chance in a round of the fuzzer: the same seed gives the same round.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aerie::fuzz {

/// SplitMix64, so that the rounds are the same with every standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t word = state_ += 0x9E3779B97F4A7C15U;
    word = (word ^ (word >> 30U)) * 0xBF58476D1CE4E5B9U;
    word = (word ^ (word >> 27U)) * 0x94D049BB133111EBU;
    return word ^ (word >> 31U);
  }
  /// 0 to `end` - 1. REQUIRES: end > 0.
  std::size_t below(std::size_t end) noexcept { return static_cast<std::size_t>(next() % end); }
  bool one_in(std::size_t chances) noexcept { return below(chances) == 0; }

  template <class... Texts>
  std::string_view one_of(Texts... texts) noexcept {
    std::array<std::string_view, sizeof...(Texts)> const all{texts...};
    return all[below(all.size())];
  }
  std::string bytes(std::size_t count) {
    std::string text(count, '\0');
    for (auto& each : text)
      each = static_cast<char>(next());
    return text;
  }

 private:
  std::uint64_t state_;
};

}  // namespace aerie::fuzz
