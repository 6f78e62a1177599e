#pragma once

/// \file
/// `aerie generate gateway chat`: writes a class with its test, and registers it in the nearest module.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::cli {

/// Something that can be generated.
struct Kind {
  std::string_view name;    ///< "gateway"
  std::string_view alias;   ///< "ga"
  std::string_view call;    ///< how a module registers it: "gateways"
  bool has_source = false;  ///< a .cpp beside its .hpp
  bool has_test = true;
};

std::vector<Kind> const& kinds();
/// By name or alias. Throws CommandError, with what was probably meant.
Kind const& kind_called(std::string_view name);

struct GenerateCommand {
  std::string kind;
  /// May begin with folders: "rooms/chat".
  std::string name;
  /// Of a module's file, from the project's folder; empty: the nearest one.
  std::string module;
  bool flat = false;
  bool dry_run = false;
  bool no_spec = false;
  bool skip_import = false;
};

/// Throws CommandError; then nothing was changed.
void generate(GenerateCommand const& command, std::filesystem::path const& folder, std::ostream& out);

}  // namespace aerie::cli
