#pragma once

/// \file
/// The one option of the examples: `--port P`.

#include <cstdint>
#include <string>
#include <string_view>

namespace example {

/// The text that follows `name` on the command line.
inline std::string option(int argc, char** argv, std::string_view name, std::string otherwise = {}) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == name) return argv[i + 1];
  }
  return otherwise;
}

inline std::uint16_t port(int argc, char** argv) {
  return static_cast<std::uint16_t>(std::stoul(option(argc, argv, "--port", "3000")));
}

}  // namespace example
