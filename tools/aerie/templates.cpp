#include "templates.hpp"

#include <algorithm>
#include <stdexcept>

namespace aerie::cli {

std::string filled(std::string_view path, Values const& values) {
  auto const found = std::ranges::find(templates(), path, &Template::path);
  if (found == templates().end()) throw std::logic_error("no template " + std::string(path));
  std::string result(found->text);
  for (auto const& [key, value] : values) {
    auto const mark = "@" + std::string(key) + "@";
    for (auto at = result.find(mark); at != std::string::npos; at = result.find(mark, at + value.size()))
      result.replace(at, mark.size(), value);
  }
  return result;
}

}  // namespace aerie::cli
