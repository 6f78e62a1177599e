#include "project.hpp"

#include "command_error.hpp"

#include <algorithm>

namespace aerie::cli {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> modules_in(fs::path const& folder) {
  std::vector<fs::path> found;
  if (!fs::is_directory(folder)) return found;
  for (auto const& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with("_module.hpp")) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

bool is_installed_at(fs::path const& prefix) {
  for (auto const* const libraries : {"lib", "lib64"}) {
    if (fs::exists(prefix / libraries / "cmake/aerie/aerie-config.cmake")) return true;
  }
  // Debian's place for libraries is lib/<architecture>.
  std::error_code error;
  for (auto const& entry : fs::directory_iterator(prefix / "lib", error)) {
    if (fs::exists(entry.path() / "cmake/aerie/aerie-config.cmake", error)) return true;
  }
  return false;
}

}  // namespace

std::optional<fs::path> find_project(fs::path from) {
  for (;; from = from.parent_path()) {
    if (fs::exists(from / "CMakeLists.txt") && fs::is_directory(from / "src")) return from;
    if (from == from.root_path() || from.empty()) return std::nullopt;
  }
}

fs::path nearest_module(fs::path const& folder, fs::path const& source) {
  for (auto each = folder;; each = each.parent_path()) {
    auto const found = modules_in(each);
    auto const of_its_name = each / (each.filename().string() + "_module.hpp");
    if (std::ranges::find(found, of_its_name) != found.end()) return of_its_name;
    if (found.size() == 1) return found.front();
    if (found.size() > 1) {
      throw CommandError(each.lexically_relative(source.parent_path()).string() +
                         " has several modules, and none that is called like the folder; say which one with "
                         "--module, or leave it out with --skip-import");
    }
    if (each == source || !each.has_relative_path()) {
      throw CommandError(
          "no module to register it in: there is no *_module.hpp in src; write one with "
          "`aerie generate module app --flat --skip-import`, or leave it out with --skip-import");
    }
  }
}

std::vector<fs::path> files_ending(fs::path const& source, std::string_view ending) {
  std::vector<fs::path> found;
  for (auto const& entry : fs::recursive_directory_iterator(source)) {
    if (entry.is_regular_file() && entry.path().filename().string().ends_with(ending)) {
      found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

std::optional<AerieLocation> aerie_at(fs::path const& path) {
  if (fs::exists(path / "CMakeLists.txt") && fs::exists(path / "include/aerie/core/api.hpp")) {
    return AerieLocation{path, true};
  }
  if (is_installed_at(path)) return AerieLocation{path, false};
  return std::nullopt;
}

std::optional<AerieLocation> aerie_around(fs::path const& program) {
  for (auto folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (auto const found = aerie_at(folder)) return found;
  }
  return std::nullopt;
}

}  // namespace aerie::cli
