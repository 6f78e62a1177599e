#pragma once

/// \file
/// How a command ends that cannot do what it was asked to.

#include <stdexcept>

namespace aerie::cli {

/// The text is a sentence for the terminal: what is wrong, and the remedy.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace aerie::cli
