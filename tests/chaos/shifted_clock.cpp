// A library to be preloaded: the wall clock of a process with a shift that may change at any time. The first
// eight bytes of the file that AERIE_CLOCK_SHIFT names are the shift in nanoseconds. Clocks that only go
// forward stay as they are. (libfaketime is not used, as Redis with jemalloc hangs in it when it starts.)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t const volatile* shift = nullptr;

__attribute__((constructor)) void begin() {
  auto const* const path = std::getenv("AERIE_CLOCK_SHIFT");
  auto const file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  auto* const page = mmap(nullptr, sizeof(*shift), PROT_READ, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) shift = static_cast<std::int64_t const volatile*>(page);
  close(file);
}

timespec shifted_now(clockid_t clock) {
  timespec real{};
  // By the kernel itself: Redis asks before the loader has found the next function of that name.
  syscall(SYS_clock_gettime, clock, &real);
  auto const nanoseconds = real.tv_sec * second + real.tv_nsec + (shift == nullptr ? 0 : *shift);
  return {.tv_sec = nanoseconds / second, .tv_nsec = nanoseconds % second};
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* to) noexcept {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
    return static_cast<int>(syscall(SYS_clock_gettime, clock, to));
  *to = shifted_now(clock);
  return 0;
}

int gettimeofday(timeval* to, void*) noexcept {
  auto const now = shifted_now(CLOCK_REALTIME);
  *to = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

std::time_t time(std::time_t* to) noexcept {
  auto const now = shifted_now(CLOCK_REALTIME).tv_sec;
  if (to != nullptr) *to = now;
  return now;
}

}  // extern "C"
