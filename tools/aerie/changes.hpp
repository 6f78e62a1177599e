#pragma once

/// \file
/// What a command is about to do to files: collected first, then done, so that one that cannot be completed
/// changes nothing. One thread.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace aerie::cli {

class Changes {
 public:
  /// Everything is named relative to `root` where it is reported.
  explicit Changes(std::filesystem::path root) : root_(std::move(root)) {}

  /// A new file. Throws CommandError if there is one already.
  void create(std::filesystem::path const& file, std::string content, bool is_executable = false);
  /// New content of a file that is there. Nothing if it is the same.
  void update(std::filesystem::path const& file, std::string content);

  /// Writes them and says so, a line for each; with `dry_run` only says so.
  void apply(bool dry_run, std::ostream& out) const;

 private:
  struct Change {
    std::filesystem::path file;
    std::string content;
    bool is_new = false;
    bool is_executable = false;
  };

  std::filesystem::path root_;
  std::vector<Change> changes_;
};

/// The content of a file. Throws CommandError if it cannot be read.
std::string read_file(std::filesystem::path const& file);

}  // namespace aerie::cli
