#include "source_text.hpp"

#include <algorithm>

namespace aerie::cli {

namespace {

bool belongs_to_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Where the comment or quoted text that begins at `at` ends; `at` itself if none begins there.
std::size_t end_of_quiet(std::string_view text, std::size_t at) {
  auto const until = [&](std::string_view end, std::size_t from) {
    auto const found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  auto const rest = text.substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return until("*/", at + 2);
  if (rest.starts_with("R\"") && (at == 0 || !belongs_to_word(text[at - 1]))) {
    auto const open = text.find('(', at);
    if (open == std::string_view::npos) return text.size();
    return until(")" + std::string(text.substr(at + 2, open - at - 2)) + "\"", open);
  }
  // An apostrophe after a digit separates thousands.
  bool const is_separator = rest.front() == '\'' && at > 0 && belongs_to_word(text[at - 1]);
  if ((rest.front() != '"' && rest.front() != '\'') || is_separator) return at;
  for (auto end = at + 1; end < text.size() && text[end] != '\n'; ++end) {
    if (text[end] == '\\') {
      ++end;
    } else if (text[end] == rest.front()) {
      return end + 1;
    }
  }
  return at + 1;
}

char closer_of(char open) {
  switch (open) {
    case '(':
      return ')';
    case '{':
      return '}';
    case '<':
      return '>';
    default:
      return ']';
  }
}

}  // namespace

std::string blank_comments_and_quotes(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(end_of_quiet(text, at), text.size());
    if (end == at) {
      ++at;
      continue;
    }
    for (; at < end; ++at)
      if (text[at] != '\n' && text[at] != '\r') code[at] = ' ';
  }
  return code;
}

std::optional<std::size_t> closing_bracket(std::string_view code, std::size_t open) {
  auto const opener = code[open];
  auto const closer = closer_of(opener);
  std::size_t depth = 0;
  for (auto at = open; at < code.size(); ++at) {
    if (code[at] == opener) ++depth;
    if (code[at] == closer && --depth == 0) return at;
  }
  return std::nullopt;
}

std::size_t find_word(std::string_view code, std::string_view word, std::size_t from) {
  for (auto at = code.find(word, from); at != std::string_view::npos; at = code.find(word, at + 1)) {
    auto const end = at + word.size();
    auto const begins = at == 0 || !belongs_to_word(code[at - 1]);
    if (begins && (end == code.size() || !belongs_to_word(code[end]))) return at;
  }
  return std::string_view::npos;
}

}  // namespace aerie::cli
