#pragma once

/// \file
/// Who is mentioned in what somebody says: `@` and a nickname. Functions without state: callable from any
/// thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chat::mentions {

/// More than these are not looked at in one message.
inline constexpr std::size_t most_places = 8;

/// A nickname that may be meant. Nicknames may have spaces and other characters in them, so what follows an
/// `@` is several of them; the longest one that somebody has is meant.
struct Candidate {
  std::string name;
  /// Which `@` of the text it follows, from 0; less than `most_places`.
  std::size_t place = 0;

  bool operator==(Candidate const&) const = default;
};

/// Longest first at each place. An `@` within a word, as in an address of mail, is none. A name of Latin
/// letters ends where the word does; one of other letters may have something attached, as names in Korean do.
std::vector<Candidate> candidates_of(std::string_view text);

}  // namespace chat::mentions
