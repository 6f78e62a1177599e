#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

namespace aerie::cli {

RawTerminal::RawTerminal() {
  if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
  auto raw = before_;
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON | ICRNL | INLCR);
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  changed_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

RawTerminal::~RawTerminal() {
  if (changed_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

std::size_t RawTerminal::columns() const noexcept {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::filesystem::path history_file(std::string const& name) {
  auto const folder = [](char const* variable) {
    auto const* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
    return std::filesystem::path(value != nullptr ? value : "");
  };
  auto state = folder("XDG_STATE_HOME");
  if (state.empty() && !folder("HOME").empty()) state = folder("HOME") / ".local/state";
  return state.empty() ? state : state / "aerie" / name;
}

std::vector<std::string> read_history(std::filesystem::path const& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

void write_history(std::filesystem::path const& file, std::vector<std::string> const& lines) noexcept {
  try {
    if (file.empty()) return;
    std::filesystem::create_directories(file.parent_path());
    // Before anything is in it.
    std::ofstream(file, std::ios::app).close();
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::ofstream out(file, std::ios::trunc);
    for (auto const& line : lines)
      out << line << '\n';
  } catch (std::exception const&) {
    // They are forgotten: no reason to end with an error.
  }
}

}  // namespace aerie::cli
