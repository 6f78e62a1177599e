/// \file
/// A fuzzer of the whole server: connections, bytes, time, and callbacks of users that misbehave, all in
/// memory and in one thread. Build it with the sanitizers (preset asan).
///
///     fuzz_server --steps 2000000             so many steps, in rounds of a few hundred each
///     fuzz_server --seconds 60                for a minute
///     fuzz_server --seed 4711                 one round again, which is the same as it was
///     fuzz_server --seed 4711 --talk          and tells what happens
///     fuzz_server --seed 4711 --rounds 50 --leaks-each     looks for leaks after each of them

#include "fuzz/server/world.hpp"

#include <aerie/core/keyed_hash.hpp>

#include <sys/random.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

// Of the sanitizers, if the program has been built with them.
extern "C" {
void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));
int __lsan_do_recoverable_leak_check() __attribute__((weak));
}

namespace {

using namespace aerie;

fuzz::Random system_randomness(0);
std::uint64_t seed_of_this_round = 0;

void name_the_seed() {
  std::cerr << "\nfuzz_server: this was seed " << seed_of_this_round << "; again: fuzz_server --seed "
            << seed_of_this_round << std::endl;
}

struct Settings {
  std::uint64_t seed = 1;
  std::uint64_t rounds = 0;
  std::uint64_t steps = 0;
  std::uint64_t seconds = 0;
  bool leaks_each = false;
  bool talks = false;
};

Settings read(int count, char** words) {
  Settings settings;
  for (int i = 1; i < count; ++i) {
    std::string_view const word = words[i];
    if (word == "--leaks-each") {
      settings.leaks_each = true;
      continue;
    }
    if (word == "--talk") {
      settings.talks = true;
      continue;
    }
    if (i + 1 == count) throw std::invalid_argument(std::string(word) + " needs a number");
    auto const number = std::stoull(words[++i]);
    if (word == "--seed") {
      settings.seed = number;
    } else if (word == "--rounds") {
      settings.rounds = number;
    } else if (word == "--steps") {
      settings.steps = number;
    } else if (word == "--seconds") {
      settings.seconds = number;
    } else {
      throw std::invalid_argument("unknown option " + std::string(word));
    }
  }
  if (settings.rounds + settings.steps + settings.seconds == 0) settings.rounds = 1;
  return settings;
}

constexpr std::size_t steps_of_a_round = 400;

std::uint64_t play(std::uint64_t seed, bool talks = false) {
  seed_of_this_round = seed;
  system_randomness = fuzz::Random(seed);
  fuzz::World world(seed, talks);
  world.run(steps_of_a_round);
  return world.digest();
}

bool has_leaks() {
  return __lsan_do_recoverable_leak_check != nullptr && __lsan_do_recoverable_leak_check() != 0;
}

int fuzz_with(Settings const& settings) {
  // The secret of hashes is drawn once in a process, so before the first round.
  core::keyed_hash("");
  if (!settings.talks && play(settings.seed) != play(settings.seed)) {
    std::cerr << "fuzz_server: the same seed, " << settings.seed << ", gave two different rounds\n";
    return 1;
  }
  auto const begin = std::chrono::steady_clock::now();
  std::uint64_t rounds = 0;
  std::uint64_t looked = 0;  // for leaks, last after so many rounds
  while (true) {
    auto const passed = std::chrono::steady_clock::now() - begin;
    bool const is_last = (settings.rounds != 0 && rounds + 1 >= settings.rounds) ||
                         (settings.steps != 0 && (rounds + 1) * steps_of_a_round >= settings.steps) ||
                         (settings.seconds != 0 && passed >= std::chrono::seconds(settings.seconds));
    play(settings.seed + rounds++, settings.talks);
    if (settings.leaks_each || is_last || rounds % 200 == 0) {
      if (has_leaks()) {
        std::cerr << "fuzz_server: a leak in seeds " << settings.seed + looked << " to "
                  << settings.seed + rounds - 1 << "; again: fuzz_server --leaks-each --seed "
                  << settings.seed + looked << " --rounds " << rounds - looked << "\n";
        return 1;
      }
      looked = rounds;
    }
    if (is_last) break;
  }
  std::cout << "fuzz_server: " << rounds * steps_of_a_round << " steps in " << rounds << " rounds, seeds "
            << settings.seed << " to " << settings.seed + rounds - 1 << ": nothing found\n";
  return 0;
}

}  // namespace

// In place of libc's: ids and the secrets of hashes follow from the seed as well.
extern "C" ssize_t getrandom(void* out, std::size_t size, unsigned) {
  auto const bytes = system_randomness.bytes(size);
  std::memcpy(out, bytes.data(), size);
  return static_cast<ssize_t>(size);
}

int main(int count, char** words) {
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(name_the_seed);
  std::set_terminate([] {
    name_the_seed();
    std::abort();
  });
  try {
    return fuzz_with(read(count, words));
  } catch (fuzz::Violation const& violation) {
    std::cerr << "fuzz_server: " << violation.what();
    name_the_seed();
    return 1;
  } catch (std::exception const& error) {
    std::cerr << "fuzz_server: " << error.what() << "\n";
    return 2;
  }
}
