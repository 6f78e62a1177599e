#include "generate.hpp"

#include "changes.hpp"
#include "command_error.hpp"
#include "module_edit.hpp"
#include "names.hpp"
#include "project.hpp"
#include "templates.hpp"

#include <algorithm>

namespace aerie::cli {

namespace fs = std::filesystem;

namespace {

/// Where something goes, and what it is called.
struct Place {
  fs::path folder;  // below src/ and tests/
  Name name;
};

Place place_of(GenerateCommand const& command, Kind const& kind) {
  fs::path folder;
  std::string_view rest = command.name;
  for (auto slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    folder /= Name(rest.substr(0, slash)).snake();
    rest.remove_prefix(slash + 1);
  }
  auto const name = Name(rest).without_suffix(kind.name);
  if (!command.flat) folder /= name.snake();
  return {folder, name};
}

// A module is imported by the one above it, which is not itself.
fs::path module_for(GenerateCommand const& command, Kind const& kind, fs::path const& project,
                    fs::path const& folder) {
  auto const source = project / "src";
  if (!command.module.empty()) {
    auto const file = project / command.module;
    if (!fs::is_regular_file(file)) {
      throw CommandError("--module " + command.module +
                         ": there is no such file in the project; name one from " +
                         "its folder on: --module src/app_module.hpp");
    }
    return file;
  }
  auto const is_nested = kind.name == "module" && !command.flat;
  return nearest_module(is_nested ? folder.parent_path() : folder, source);
}

}  // namespace

std::vector<Kind> const& kinds() {
  static std::vector<Kind> const all = {
      {"module", "mo", "imports", false, false},
      {"gateway", "ga", "gateways", true},
      {"service", "s", "provides"},
      {"controller", "co", "controllers", true},
      {"guard", "gu", "provides"},
      {"pipe", "pi", "provides"},
      {"interceptor", "itc", "provides"},
      {"filter", "f", "provides"},
  };
  return all;
}

Kind const& kind_called(std::string_view name) {
  std::vector<std::string_view> names;
  std::string list;
  for (auto const& kind : kinds()) {
    if (kind.name == name || kind.alias == name) return kind;
    names.push_back(kind.name);
    list += (list.empty() ? "" : ", ") + std::string(kind.name) + " (" + std::string(kind.alias) + ")";
  }
  auto const meant = nearest(name, names);
  throw CommandError("\"" + std::string(name) + "\" cannot be generated; " +
                     (meant.empty() ? std::string() : "did you mean " + std::string(meant) + "? ") +
                     "There are " + list);
}

void generate(GenerateCommand const& command, fs::path const& folder, std::ostream& out) {
  auto const& kind = kind_called(command.kind);
  auto const project = find_project(folder);
  if (!project) {
    throw CommandError(
        "no project here: neither this folder nor one above it has a CMakeLists.txt and src/; begin "
        "one with `aerie new my-app`, or go into its folder");
  }
  auto const [below, name] = place_of(command, kind);
  auto const stem = name.snake() + "_" + std::string(kind.name);
  auto const header = (below / (stem + ".hpp")).generic_string();
  auto const type = name.pascal() + Name(kind.name).pascal();
  Values const values = {{"Class", type},
                         {"Name", name.pascal()},
                         {"name", name.snake()},
                         {"kebab", name.kebab()},
                         {"include", header}};
  auto const text = [&](std::string_view ending) {
    return filled("component/" + std::string(kind.name) + std::string(ending), values);
  };

  Changes changes(*project);
  changes.create(*project / "src" / header, text(".hpp"));
  if (kind.has_source) changes.create(*project / "src" / below / (stem + ".cpp"), text(".cpp"));
  if (kind.has_test && !command.no_spec) {
    changes.create(*project / "tests" / below / (stem + "_test.cpp"), text("_test.cpp"));
  }
  if (!command.skip_import) {
    auto const module = module_for(command, kind, *project, (*project / "src" / below).lexically_normal());
    auto const shown = module.lexically_relative(*project).string();
    changes.update(module, add_to_module(read_file(module), {std::string(kind.call), type, header}, shown));
  }
  changes.apply(command.dry_run, out);
}

}  // namespace aerie::cli
