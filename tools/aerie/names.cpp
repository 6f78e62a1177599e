#include "names.hpp"

#include "command_error.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace aerie::cli {

namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string capitalised(std::string word) {
  word.front() = upper(word.front());
  return word;
}

// "HTTPServer" is http, server: a capital begins a word after a small letter, or before one.
bool begins_word(std::string_view text, std::size_t at) {
  if (!is_upper(text[at])) return false;
  if (at == 0) return true;
  if (!is_upper(text[at - 1])) return true;
  return at + 1 < text.size() && is_lower(text[at + 1]);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    char const c = text[at];
    bool const separates = c == '-' || c == '_';
    if (separates || begins_word(text, at)) {
      if (!words.back().empty()) words.emplace_back();
    }
    if (!separates) words.back().push_back(lower(c));
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      auto const replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

Name::Name(std::string_view text) {
  auto const quoted = "\"" + std::string(text) + "\"";
  auto const allowed = [](char c) {
    return is_upper(c) || is_lower(c) || is_digit(c) || c == '-' || c == '_';
  };
  if (auto const bad = std::find_if_not(text.begin(), text.end(), allowed); bad != text.end()) {
    throw CommandError(quoted + " cannot be a name because of \"" + std::string(1, *bad) +
                       "\"; names are made of letters, digits, - and _: chat-room");
  }
  words_ = words_of(text);
  if (words_.empty()) throw CommandError(quoted + " is no name; one that is: chat-room");
  if (is_digit(words_.front().front())) {
    throw CommandError(quoted + " cannot be a name because it begins with a digit; begin with a letter");
  }
}

std::string Name::joined(std::string_view separator) const {
  std::string result;
  for (auto const& word : words_) {
    if (!result.empty()) result += separator;
    result += word;
  }
  return result;
}

std::string Name::snake() const {
  return joined("_");
}

std::string Name::kebab() const {
  return joined("-");
}

std::string Name::pascal() const {
  std::string result;
  for (auto const& word : words_)
    result += capitalised(word);
  return result;
}

Name Name::without_suffix(std::string_view word) const {
  auto words = words_;
  if (words.size() > 1 && words.back() == word) words.pop_back();
  return Name(std::move(words));
}

std::string_view nearest(std::string_view text, std::vector<std::string_view> const& candidates) {
  std::string_view best;
  std::size_t fewest = 3;
  for (auto const candidate : candidates) {
    auto const changes = distance(text, candidate);
    if (changes < fewest && changes < candidate.size()) {
      fewest = changes;
      best = candidate;
    }
  }
  return best;
}

}  // namespace aerie::cli
