#pragma once

/// \file
/// The command line: which command, with which options.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace aerie::cli {

/// Where a command runs.
struct Surroundings {
  std::filesystem::path folder;
  /// This program's file.
  std::filesystem::path program;
  std::ostream& out;
  std::ostream& err;
  /// Somebody sits there, and reads what is written to `out`.
  bool is_terminal = false;
};

/// Runs a command; `words` are without the program's name. Returns the exit status: 0, 1 if it cannot be
/// done, 2 if it is not understood. Everything that is wrong ends with a sentence on `err`.
int run(std::vector<std::string> words, Surroundings const& surroundings);

}  // namespace aerie::cli
