#pragma once

/// \file
/// `aerie info`: what a report of a problem should say of the machine.

#include <filesystem>
#include <iosfwd>

namespace aerie::cli {

/// Asks the tools that it finds for their versions, by running them.
void info(std::filesystem::path const& folder, std::filesystem::path const& program, std::ostream& out);

}  // namespace aerie::cli
