#pragma once

/// \file
/// Ids of sessions and sockets: 20 URL-safe characters, as the official server makes them. 96 bits of each
/// come from the system's random source; the rest says which shard made it, and counts.

#include <aerie/core/api.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

/// A short text kept in place, so that an id needs no allocation.
class AERIE_API Id {
 public:
  static constexpr std::size_t max_size = 39;

  Id() noexcept = default;
  /// REQUIRES: text.size() <= max_size.
  explicit Id(std::string_view text) noexcept : size_(static_cast<std::uint8_t>(text.size())) {
    std::copy(text.begin(), text.end(), text_.begin());
  }
  std::string_view view() const noexcept { return {text_.data(), size_}; }
  operator std::string_view() const noexcept { return view(); }
  bool operator==(Id const& other) const noexcept { return view() == other.view(); }

 private:
  std::array<char, max_size> text_{};
  std::uint8_t size_ = 0;
};

/// Hashes ids of an IdSource, and texts that claim to be one, where nothing else is stored: ours begin with
/// random characters, which are hash enough, and a peer may look up what it likes. Tables of ids that
/// somebody else may have chosen need KeyedHash.
struct IdHash {
  using is_transparent = void;
  using is_avalanching = void;
  std::size_t operator()(std::string_view text) const noexcept {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    auto const size = std::min(text.size(), sizeof first);
    std::memcpy(&first, text.data(), size);
    std::memcpy(&last, text.data() + text.size() - size, size);
    auto const mixed = (first ^ (last << 17U)) * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32U));
  }
};

/// Makes the ids of one shard; belongs to it.
class AERIE_API IdSource {
 public:
  static constexpr std::size_t id_size = 20;

  explicit IdSource(std::uint8_t shard) noexcept : shard_(shard) {}
  Id next();

  /// Random bytes for other uses: masks, recovery ids.
  void random(char* out, std::size_t size);

 private:
  std::array<unsigned char, 1200> pool_;
  std::size_t used_ = sizeof pool_;
  std::uint16_t count_ = 0;
  std::uint8_t shard_;
};

/// Which shard made an id; nothing if it cannot be one of ours.
AERIE_API std::optional<std::uint8_t> shard_of(std::string_view id) noexcept;

}}}  // namespace aerie::v1::core
