#include <aerie/core/ascii.hpp>
#include <aerie/gateway/config.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The syntax is that of https://www.npmjs.com/package/dotenv, whose one regular expression decides it.

namespace aerie { inline namespace v1 {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}
bool is_name(char c) {
  return core::is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
}

std::string_view trim(std::string_view text) {
  auto const is_blank = [](char c) { return is_space(c) || c == '\n'; };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// Reads the assignments of a file one after another.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void read(Environment& variables) {
    for (std::size_t line = 0; line < text_.size();) {
      at_ = line;
      if (!read_assignment(variables)) at_ = line;
      auto const end = text_.find('\n', at_);
      if (end == npos) return;
      line = end + 1;
    }
  }

 private:
  bool read_assignment(Environment& variables) {
    skip_spaces();
    if (text_.substr(at_).starts_with("export") && at_ + 6 < text_.size() && is_space(text_[at_ + 6])) {
      at_ += 6;
      skip_spaces();
    }
    auto const begin = at_;
    while (at_ < text_.size() && is_name(text_[at_]))
      ++at_;
    std::string name(text_.substr(begin, at_ - begin));
    if (name.empty() || !skip_separator()) return false;
    skip_spaces();
    variables[std::move(name)] = read_value();
    return true;
  }

  /// "=", or ":" with a space behind it.
  bool skip_separator() {
    if (at_ + 1 < text_.size() && text_[at_] == ':' && is_space(text_[at_ + 1])) {
      ++at_;
      return true;
    }
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != '=') return false;
    ++at_;
    return true;
  }

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_]))
      ++at_;
  }

  std::string read_value() {
    if (at_ < text_.size() && std::string_view("'\"`").find(text_[at_]) != npos) {
      if (auto value = read_quoted(text_[at_])) return *std::move(value);
    }
    auto const end = std::min(text_.find_first_of("#\n", at_), text_.size());
    auto const value = trim(text_.substr(at_, end - at_));
    at_ = end;
    return unquoted(value);
  }

  /// Nothing unless a quote is found that ends the value, with only a comment behind it in its line.
  std::optional<std::string> read_quoted(char quote) {
    std::vector<std::size_t> candidates;
    for (auto i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] != quote) continue;
      candidates.push_back(i);
      if (text_[i - 1] != '\\') break;
    }
    for (; !candidates.empty(); candidates.pop_back()) {
      auto const close = candidates.back();
      auto const rest = text_.find_first_not_of(" \t\v\f", close + 1);
      if (rest != npos && text_[rest] != '#' && text_[rest] != '\n') continue;
      auto const value = text_.substr(at_, close + 1 - at_);
      at_ = close + 1;
      return unquoted(value);
    }
    return std::nullopt;
  }

  static std::string unquoted(std::string_view value) {
    auto const is_quoted = value.size() >= 2 && std::string_view("'\"`").find(value.front()) != npos &&
                           value.front() == value.back();
    bool const is_double = !value.empty() && value.front() == '"';
    if (is_quoted) value = value.substr(1, value.size() - 2);
    if (!is_double) return std::string(value);
    std::string result;
    for (std::size_t i = 0; i < value.size(); ++i) {
      bool const is_escape = value[i] == '\\' && i + 1 < value.size();
      if (is_escape && (value[i + 1] == 'n' || value[i + 1] == 'r')) {
        result += value[++i] == 'n' ? '\n' : '\r';
      } else {
        result += value[i];
      }
    }
    return result;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Lines end as on Unix.
std::string with_newlines(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      result += text[i];
      continue;
    }
    result += '\n';
    if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
  }
  return result;
}

}  // namespace

Environment parse_env_file(std::string_view text) {
  Environment variables;
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  auto const lines = with_newlines(text);
  Reader(lines).read(variables);
  return variables;
}

}}  // namespace aerie::v1
