#pragma once

/// \file
/// Where things are: a project of a user's, and Aerie itself.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::cli {

/// The nearest folder from `from` upwards that has a CMakeLists.txt and src/.
std::optional<std::filesystem::path> find_project(std::filesystem::path from);

/// The file of the module that what is written to `folder` belongs to: the nearest *_module.hpp in it or
/// above it, not above the project's src/. Of several in one folder the one that is called like the folder.
/// Throws CommandError if there is none, or if it cannot be told which.
std::filesystem::path nearest_module(std::filesystem::path const& folder,
                                     std::filesystem::path const& source);

/// Every file below `source` whose name ends like that: "_module.hpp".
std::vector<std::filesystem::path> files_ending(std::filesystem::path const& source, std::string_view ending);

/// An Aerie to build with: a source checkout, or the prefix of an installation.
struct AerieLocation {
  std::filesystem::path path;
  bool is_checkout = false;
};

/// The Aerie that `path` is: a checkout, or an installation's prefix.
std::optional<AerieLocation> aerie_at(std::filesystem::path const& path);
/// The Aerie that a program belongs to, from where it lies: in a checkout's build tree or a prefix' bin.
std::optional<AerieLocation> aerie_around(std::filesystem::path const& program);

}  // namespace aerie::cli
