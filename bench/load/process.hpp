#pragma once

#include <sys/types.h>

namespace load {

/// The CPU time that a process has used so far, in seconds, of all its threads, to the nanosecond (the ticks
/// in /proc/PID/stat are 10 ms). 0 is this process.
double cpu_seconds(pid_t pid);

/// How long the threads of a process have been ready to run while something else had the core, in seconds. 0
/// is this process.
double waited_seconds(pid_t pid);

/// The memory of a process that is in RAM, in KiB.
double resident_kib(pid_t pid);

}  // namespace load
