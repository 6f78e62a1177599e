#include "load/prose.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace load {

namespace {

constexpr std::array<std::string_view, 64> words{
    "the",     "of",      "and",     "to",      "in",   "is",     "you",    "that",   "it",       "he",
    "was",     "for",     "on",      "are",     "as",   "with",   "his",    "they",   "at",       "be",
    "this",    "have",    "from",    "or",      "one",  "had",    "by",     "word",   "but",      "not",
    "what",    "all",     "were",    "we",      "when", "your",   "can",    "said",   "there",    "use",
    "an",      "each",    "which",   "she",     "do",   "how",    "their",  "if",     "will",     "message",
    "other",   "about",   "out",     "many",    "then", "answer", "server", "people", "tomorrow", "written",
    "nothing", "evening", "because", "thousand"};
constexpr std::size_t longest = std::size_t{64} * 1024;
// So much that what a compressor remembers does not have the next message in it.
constexpr std::size_t total = std::size_t{1024} * 1024;

std::string write() {
  std::string text;
  text.reserve(total);
  std::uint64_t state = 1;
  while (text.size() < total) {
    // Knuth's MMIX generator; its upper bits are the random ones.
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    // The product of two is small more often than not, as common words are.
    auto const first = state >> 58U;
    auto const second = state >> 52U & 63U;
    text.append(words[first * second / words.size()]).push_back(' ');
    if ((state >> 40U & 15U) == 0) text.append(std::to_string(state >> 44U & 0xffU)).push_back(' ');
  }
  return text;
}

}  // namespace

std::string_view prose(std::size_t size, std::size_t number) {
  if (size > longest) throw std::invalid_argument("prose: there are 64 KiB at most");
  static auto const text = write();
  constexpr std::size_t step = 40'009;  // prime, and more than a compressor's window
  return std::string_view(text).substr(number * step % (total - longest), size);
}

}  // namespace load
