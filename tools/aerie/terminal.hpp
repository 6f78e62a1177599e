#pragma once

/// \file
/// The terminal that somebody sits at, and what was typed there before.

#include <termios.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace aerie::cli {

/// Gives what is typed byte by byte, unchanged, until it is destroyed.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(RawTerminal const&) = delete;
  RawTerminal& operator=(RawTerminal const&) = delete;

  std::size_t columns() const noexcept;

 private:
  termios before_{};
  bool changed_ = false;
};

/// Where lines are kept between two runs: below XDG_STATE_HOME, or ~/.local/state; empty if there is neither.
std::filesystem::path history_file(std::string const& name);
/// None if there is no such file.
std::vector<std::string> read_history(std::filesystem::path const& file);
/// For nobody else to read. What cannot be written is not.
void write_history(std::filesystem::path const& file, std::vector<std::string> const& lines) noexcept;

}  // namespace aerie::cli
