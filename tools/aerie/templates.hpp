#pragma once

/// \file
/// The texts of the files that are written. They are the files below templates/, which are built into the
/// program. Functions without state.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::cli {

struct Template {
  /// Below templates/, without ".in": "project/src/main.cpp".
  std::string_view path;
  std::string_view text;
};

/// All of them, in the order of their paths. Written by CMakeLists.txt.
std::vector<Template> const& templates();

using Values = std::vector<std::pair<std::string_view, std::string>>;

/// The template with every `@key@` replaced. Throws std::logic_error for one that is not there.
std::string filled(std::string_view path, Values const& values);

}  // namespace aerie::cli
