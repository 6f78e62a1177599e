#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aerie::test {

/// Replies as a Redis server writes them.
struct RespText {
  static std::string bulk(std::string_view text) {
    return "$" + std::to_string(text.size()) + "\r\n" + std::string(text) + "\r\n";
  }
  static std::string array(std::vector<std::string> const& elements) {
    auto result = "*" + std::to_string(elements.size()) + "\r\n";
    for (auto const& element : elements)
      result += bulk(element);
    return result;
  }
};

}  // namespace aerie::test
