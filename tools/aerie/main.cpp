// The command `aerie`: begins projects and adds to them.
#include "command_line.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>

namespace {

std::filesystem::path own_file(char const* called_as) {
  std::error_code error;
  auto const file = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::absolute(called_as) : file;
}

}  // namespace

int main(int argc, char** argv) {
  auto const is_terminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  return aerie::cli::run({argv + 1, argv + argc}, {std::filesystem::current_path(), own_file(argv[0]),
                                                   std::cout, std::cerr, is_terminal});
}
