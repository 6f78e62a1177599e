#pragma once

/// \file
/// A log as an adapter keeps it, and the sessions beside it, in the memory of one process: several servers
/// over it, connections that break, replicas that take over, clocks that jump. What happens follows from what
/// the test does alone.

#include "unit/support/log_model/log.hpp"
#include "unit/support/log_model/server.hpp"
