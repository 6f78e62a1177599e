#pragma once

#include <cstdlib>

namespace aerie::fuzz {

/// What holds for every input; where it does not, the fuzzer has found one.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace aerie::fuzz
