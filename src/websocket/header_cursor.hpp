#pragma once

#include <aerie/core/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace aerie { inline namespace v1 { namespace websocket {

/// True for the characters of a token (RFC 9110 §5.6.2).
constexpr bool is_token_character(char c) {
  if (core::is_alphanumeric(c)) return true;
  return c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Reads a header's value from left to right, each character once.
class HeaderCursor {
 public:
  explicit HeaderCursor(std::string_view value) : rest_(value) {}

  bool at_end() const { return rest_.empty(); }

  void skip_space() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// The token that begins here; empty if there is none.
  std::string_view token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token_character(rest_[size]))
      ++size;
    auto const result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
  }

  /// A token, plain or in quotes (RFC 6455 §9.1 allows nothing else in them); empty if there is none.
  std::string_view token_or_quoted() {
    if (!take('"')) return token();
    auto const result = token();
    return take('"') ? result : std::string_view();
  }

 private:
  std::string_view rest_;
};

}}}  // namespace aerie::v1::websocket
