#include "load/process.hpp"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace load {

double cpu_seconds(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
    throw std::runtime_error("there is no process " + std::to_string(pid) + ": the server has ended");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double waited_seconds(pid_t pid) {
  auto const process = pid == 0 ? std::string("self") : std::to_string(pid);
  double total_ns = 0;
  std::error_code gone;
  for (auto const& thread : std::filesystem::directory_iterator("/proc/" + process + "/task", gone)) {
    std::ifstream file(thread.path() / "schedstat");
    double running_ns = 0;
    double waiting_ns = 0;
    if (file >> running_ns >> waiting_ns) total_ns += waiting_ns;
  }
  return total_ns * 1e-9;
}

double resident_kib(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

}  // namespace load
