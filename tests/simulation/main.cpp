// Runs simulated clusters. A seed that fails is printed, and does the same again.

#include "simulation/simulation.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <string>

namespace {

using aerie::simulation::Broken;
using aerie::simulation::Simulation;

struct Settings {
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  std::uint64_t steps = 20'000;
  std::size_t servers = 24;
  bool no_faults = false;
  bool replay = false;
};

/// The digest of a run; throws Broken.
std::uint64_t run(Settings const& settings, std::uint64_t seed, bool report) {
  std::uint64_t step = 0;
  std::string adapter;
  try {
    Simulation simulation({.seed = seed, .servers = settings.servers, .faults = !settings.no_faults});
    adapter = simulation.adapter_name();
    for (; step < settings.steps; ++step)
      simulation.step();
    simulation.finish();
    if (report) {
      std::printf(
          "seed %llu: %s, %llu steps, %llu faults, %llu deliveries (%llu certain), %llu requests (%llu "
          "complete, at most %llu in one adapter)\n",
          static_cast<unsigned long long>(seed), adapter.c_str(), static_cast<unsigned long long>(step),
          static_cast<unsigned long long>(simulation.faults()),
          static_cast<unsigned long long>(simulation.deliveries()),
          static_cast<unsigned long long>(simulation.expected()),
          static_cast<unsigned long long>(simulation.requests()),
          static_cast<unsigned long long>(simulation.complete()),
          static_cast<unsigned long long>(simulation.most_open()));
      std::fflush(stdout);
    }
    return simulation.digest();
  } catch (Broken const& broken) {
    throw Broken("seed " + std::to_string(seed) + " (" + adapter + "), step " + std::to_string(step) + ": " +
                 broken.what() + "\nagain: cluster_simulation --seed " + std::to_string(seed) + " --steps " +
                 std::to_string(settings.steps) + " --servers " + std::to_string(settings.servers) +
                 (settings.no_faults ? " --no-faults" : ""));
  }
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Simulated clusters of Socket.IO servers");
  app.add_option("--seed", settings.seed, "The first seed");
  app.add_option("--seeds", settings.seeds, "How many seeds");
  app.add_option("--steps", settings.steps, "Steps of each");
  app.add_option("--servers", settings.servers, "Servers, at most");
  app.add_flag("--no-faults", settings.no_faults, "Nothing is cut, closed or killed");
  app.add_flag("--replay", settings.replay, "Runs every seed twice: both must be the same");
  CLI11_PARSE(app, argc, argv);
  try {
    for (std::uint64_t i = 0; i < settings.seeds; ++i) {
      auto const digest = run(settings, settings.seed + i, true);
      if (settings.replay && run(settings, settings.seed + i, false) != digest)
        throw Broken("seed " + std::to_string(settings.seed + i) + " does not do the same twice");
    }
  } catch (Broken const& broken) {
    std::fprintf(stderr, "%s\n", broken.what());
    return 1;
  }
}
