#pragma once

/// \file
/// `aerie new my-app`: a project that builds and runs as it is.

#include <filesystem>
#include <iosfwd>
#include <string>

namespace aerie::cli {

struct NewCommand {
  /// May begin with folders: "projects/my-app".
  std::string name;
  /// A checkout or an installation's prefix; empty: where `program` belongs to.
  std::string aerie;
  bool dry_run = false;
};

/// Throws CommandError; then nothing was written. `program` is this program's file.
void new_project(NewCommand const& command, std::filesystem::path const& folder,
                 std::filesystem::path const& program, std::ostream& out);

}  // namespace aerie::cli
