// Runs simulated clusters. A seed that fails is printed, and does the same again.

#include "simulation/logged.hpp"
#include "simulation/recovery.hpp"
#include "simulation/simulation.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <string>

namespace {

using aerie::simulation::Broken;
using aerie::simulation::LoggedSimulation;
using aerie::simulation::Mutant;
using aerie::simulation::RecoverySimulation;
using aerie::simulation::Simulation;

struct Settings {
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  std::uint64_t steps = 20'000;
  std::size_t servers = 24;
  bool no_faults = false;
  bool replay = false;
  bool recovery = false;
  bool logged = false;
  bool mutants = false;
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

/// The same for a server that recovers sessions.
std::uint64_t run_recovery(Settings const& settings, std::uint64_t seed, bool report) {
  std::uint64_t step = 0;
  try {
    RecoverySimulation simulation(seed);
    for (; step < settings.steps; ++step)
      simulation.step();
    simulation.finish();
    if (report) {
      std::printf("seed %llu: %llu steps, %llu cuts, %llu deliveries, %llu recovered, %llu not\n",
                  static_cast<unsigned long long>(seed), static_cast<unsigned long long>(step),
                  static_cast<unsigned long long>(simulation.cuts()),
                  static_cast<unsigned long long>(simulation.deliveries()),
                  static_cast<unsigned long long>(simulation.recovered()),
                  static_cast<unsigned long long>(simulation.refused()));
      std::fflush(stdout);
    }
    return simulation.digest();
  } catch (Broken const& broken) {
    throw Broken("seed " + std::to_string(seed) + ", step " + std::to_string(step) + ": " + broken.what() +
                 "\nagain: cluster_simulation --recovery --seed " + std::to_string(seed) + " --steps " +
                 std::to_string(settings.steps));
  }
}

/// The same for servers that deliver exactly once, over a log.
std::uint64_t run_logged(Settings const& settings, std::uint64_t seed, bool report) {
  std::uint64_t step = 0;
  try {
    LoggedSimulation simulation(seed);
    for (; step < settings.steps; ++step)
      simulation.step();
    simulation.finish();
    if (report) {
      std::printf("seed %llu: %llu steps, %llu faults, %llu deliveries, %llu recovered, %llu told\n",
                  static_cast<unsigned long long>(seed), static_cast<unsigned long long>(step),
                  static_cast<unsigned long long>(simulation.faults()),
                  static_cast<unsigned long long>(simulation.deliveries()),
                  static_cast<unsigned long long>(simulation.recovered()),
                  static_cast<unsigned long long>(simulation.told()));
      std::fflush(stdout);
    }
    return simulation.digest();
  } catch (Broken const& broken) {
    throw Broken("seed " + std::to_string(seed) + ", step " + std::to_string(step) + ": " + broken.what() +
                 "\nagain: cluster_simulation --exactly-once --seed " + std::to_string(seed) + " --steps " +
                 std::to_string(settings.steps));
  }
}

/// What is delivered exactly once stands on conditions: each must be missed by one of the seeds.
void run_without_conditions(Settings const& settings) {
  using aerie::simulation::seeds_to_miss;
  using aerie::socketio::Condition;
  if (auto const seed = seeds_to_miss(Condition::none, settings.seeds, settings.steps))
    throw Broken("with all conditions seed " + std::to_string(seed) + " misses one");
  for (std::size_t i = 1; i < static_cast<std::size_t>(Condition::count); ++i) {
    auto const name = std::string(aerie::socketio::condition_names[i]);
    auto const seed = seeds_to_miss(static_cast<Condition>(i), settings.seeds, settings.steps);
    if (seed == 0)
      throw Broken("the condition " + name + " is not missed by " + std::to_string(settings.seeds) +
                   " seeds");
    std::printf("the condition %s is missed by seed %llu\n", name.c_str(),
                static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }
}

/// Each must be noticed by one of the seeds.
void run_mutants(Settings const& settings) {
  if (auto const seed = aerie::simulation::seeds_to_catch(Mutant::none, settings.seeds, settings.steps))
    throw Broken("without any mutant seed " + std::to_string(seed) + " notices one");
  for (std::size_t i = 1; i < static_cast<std::size_t>(Mutant::count); ++i) {
    auto const name = std::string(aerie::simulation::mutant_names[i]);
    auto const seed =
        aerie::simulation::seeds_to_catch(static_cast<Mutant>(i), settings.seeds, settings.steps);
    if (seed == 0)
      throw Broken("the mutant " + name + " is not noticed by " + std::to_string(settings.seeds) + " seeds");
    std::printf("the mutant %s is noticed by seed %llu\n", name.c_str(),
                static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }
}

std::uint64_t run_one(Settings const& settings, std::uint64_t seed, bool report) {
  if (settings.logged) return run_logged(settings, seed, report);
  return settings.recovery ? run_recovery(settings, seed, report) : run(settings, seed, report);
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
  app.add_flag("--recovery", settings.recovery, "One server that recovers the sessions of its clients");
  app.add_flag("--exactly-once", settings.logged, "Servers over one log that deliver exactly once");
  app.add_flag("--mutants", settings.mutants,
               "Recovery with faults of its own, each of which must be noticed; with --exactly-once it lacks "
               "one of the conditions that it stands on");
  CLI11_PARSE(app, argc, argv);
  try {
    if (settings.mutants) {
      settings.logged ? run_without_conditions(settings) : run_mutants(settings);
      return 0;
    }
    for (std::uint64_t i = 0; i < settings.seeds; ++i) {
      auto const digest = run_one(settings, settings.seed + i, true);
      if (settings.replay && run_one(settings, settings.seed + i, false) != digest)
        throw Broken("seed " + std::to_string(settings.seed + i) + " does not do the same twice");
    }
  } catch (Broken const& broken) {
    std::fprintf(stderr, "%s\n", broken.what());
    return 1;
  }
}
