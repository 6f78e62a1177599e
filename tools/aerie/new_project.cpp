#include "new_project.hpp"

#include "changes.hpp"
#include "command_error.hpp"
#include "names.hpp"
#include "project.hpp"
#include "templates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

namespace aerie::cli {

namespace fs = std::filesystem;

namespace {

// Targets that CMake or Aerie have in every project.
constexpr std::array<std::string_view, 7> taken = {"aerie", "test", "all",    "install",
                                                   "clean", "help", "package"};

AerieLocation find_aerie(NewCommand const& command, fs::path const& folder, fs::path const& program) {
  if (command.aerie.empty()) {
    if (auto const found = aerie_around(program)) return *found;
    throw CommandError(
        "cannot find the Aerie that this program belongs to; name a checkout, or the prefix of an "
        "installation: aerie new " +
        command.name + " --aerie /opt/aerie");
  }
  auto const path = (folder / command.aerie).lexically_normal();
  if (auto const found = aerie_at(path)) return *found;
  throw CommandError(
      "--aerie " + command.aerie +
      " is neither a checkout of Aerie nor a prefix that it is installed in; install it there with "
      "cmake --install build/release --prefix " +
      command.aerie);
}

// Only what CMake would not find by itself.
std::string location_file(AerieLocation const& aerie) {
  auto const path = aerie.path.generic_string();
  std::string const head = "# Where Aerie is on this machine; written by `aerie new`.\n";
  if (aerie.is_checkout) return head + "set(AERIE_SOURCE_DIR \"" + path + "\")\n";
  return head + "list(APPEND CMAKE_PREFIX_PATH \"" + path + "\")\n";
}

std::string file_name(std::string_view template_path) {
  return template_path == "gitignore" ? ".gitignore" : std::string(template_path);
}

}  // namespace

void new_project(NewCommand const& command, fs::path const& folder, fs::path const& program,
                 std::ostream& out) {
  auto given = fs::path(command.name);
  if (!given.has_filename()) given = given.parent_path();
  Name const name(given.filename().string());
  if (std::ranges::find(taken, name.snake()) != taken.end()) {
    throw CommandError("a project cannot be called " + name.snake() +
                       ": its builds have a target of that name already; choose another name");
  }
  auto const root = (folder / given).lexically_normal();
  if (fs::exists(root) && (!fs::is_directory(root) || !fs::is_empty(root))) {
    throw CommandError(given.string() +
                       " is there already and not an empty folder; choose another name, or remove it");
  }

  auto const aerie = find_aerie(command, folder, program);
  Values const values = {{"name", name.snake()}, {"kebab", name.kebab()}};
  Changes changes(root.parent_path());
  for (auto const& each : templates()) {
    constexpr std::string_view prefix = "project/";
    if (!each.path.starts_with(prefix)) continue;
    auto const path = file_name(each.path.substr(prefix.size()));
    changes.create(root / path, filled(each.path, values), path.starts_with("script/"));
  }
  changes.create(root / "aerie-location.cmake", location_file(aerie));
  changes.apply(command.dry_run, out);
  if (command.dry_run) return;
  out << "\n    cd " << given.string() << " && script/server\n";
  if (aerie.is_checkout) out << "\nThe first build compiles Aerie, too, which takes some minutes.\n";
}

}  // namespace aerie::cli
