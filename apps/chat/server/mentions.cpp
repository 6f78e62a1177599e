#include "mentions.hpp"

#include "model.hpp"
#include "text.hpp"

#include <algorithm>

namespace chat::mentions {

namespace {

bool is_continuation_byte(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

bool is_latin(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Names at the beginning of a text, shortest first.
void add_names(std::string_view text, std::size_t place, std::vector<Candidate>& candidates) {
  auto const first = candidates.size();
  std::size_t characters = 0;
  for (std::size_t end = 1; end <= text.size() && characters < longest_nickname; ++end) {
    if (end < text.size() && is_continuation_byte(text[end])) continue;
    ++characters;
    auto const is_within_a_word = end < text.size() && is_latin(text[end]) && is_latin(text[end - 1]);
    auto const name = text.substr(0, end);
    if (is_within_a_word || text::trimmed(name) != name) continue;
    if (!text::is_name(name, longest_nickname)) break;
    candidates.push_back({std::string(name), place});
  }
  std::reverse(candidates.begin() + static_cast<std::ptrdiff_t>(first), candidates.end());
}

}  // namespace

std::vector<Candidate> candidates_of(std::string_view text) {
  std::vector<Candidate> candidates;
  std::size_t place = 0;
  for (auto at = text.find('@'); at != text.npos && place < most_places; at = text.find('@', at + 1)) {
    if (at > 0 && is_latin(text[at - 1])) continue;
    auto const before = candidates.size();
    add_names(text.substr(at + 1), place, candidates);
    if (candidates.size() != before) ++place;
  }
  return candidates;
}

}  // namespace chat::mentions
