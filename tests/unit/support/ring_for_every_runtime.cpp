// With AERIE_UNIT_IO_URING in the environment all runtimes of a unit test program send by io_uring, where the
// system has it: script/test.d/22-unit-io-uring.sh.
#include "core/joint_sender.hpp"

#include <cstdlib>

namespace {

[[maybe_unused]] bool const set = aerie::core::ring_for_every_runtime =
    std::getenv("AERIE_UNIT_IO_URING") != nullptr;

}  // namespace
