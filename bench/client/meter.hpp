#pragma once

/// \file
/// What the programs that bench/client/measure.py compares measure, each in the same way. C++11, and nothing
/// but the system.

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <iostream>

/// The time and the memory of some work.
class Meter {
 public:
  void note_memory() { resident_ = resident_bytes(); }
  void begin() {
    cpu_ = cpu_nanoseconds();
    started_ = std::chrono::steady_clock::now();
  }
  void end() {
    cpu_ = cpu_nanoseconds() - cpu_;
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    grown_ = resident_bytes() - resident_;
  }
  void report(int work) const {
    std::cout << "{\"work\":" << work << ",\"cpu_ns\":" << cpu_ << ",\"seconds\":" << seconds_
              << ",\"grown_bytes\":" << grown_ << "}" << std::endl;
  }

 private:
  static std::int64_t cpu_nanoseconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }
  static std::int64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t size = 0;
    std::int64_t resident = 0;
    file >> size >> resident;
    return resident * sysconf(_SC_PAGESIZE);
  }

  std::int64_t cpu_ = 0;
  std::int64_t resident_ = 0;
  std::int64_t grown_ = 0;
  double seconds_ = 0;
  std::chrono::steady_clock::time_point started_;
};
