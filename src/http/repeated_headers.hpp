#pragma once

#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// What becomes of several header lines with one name: the rules of Node's `message.headers`
/// (https://nodejs.org/api/http.html#messageheaders), to which all of its servers are used.
enum class RepeatRule : std::uint8_t {
  list,     // joined by ", "
  cookies,  // joined by "; "
  first,    // the first line counts, later ones are dropped
  each      // every line stays by itself
};

/// The rule of a name, in any case.
RepeatRule repeat_rule(std::string_view name) noexcept;

/// Notices that a name may have come before: never misses one, rarely errs.
class NameFilter {
 public:
  /// True if `name`, or another that looks like it, was noted before.
  bool note(std::string_view name) noexcept {
    auto const lower = [](char c) { return static_cast<unsigned>(static_cast<unsigned char>(c) | 0x20U); };
    auto const mixed = static_cast<unsigned>(name.size()) * 37U + lower(name.front()) * 7U +
                       lower(name[name.size() / 2]) * 3U + lower(name.back());
    auto& word = words_[(mixed >> 6U) & 3U];
    auto const bit = std::uint64_t{1} << (mixed & 63U);
    auto const seen = (word & bit) != 0;
    word |= bit;
    return seen;
  }

 private:
  std::uint64_t words_[4] = {};
};

}}}  // namespace aerie::v1::http
