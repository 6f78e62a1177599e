// Runs simulated clusters. A seed that fails is printed, and does the same again.

#include "simulation/logged.hpp"
#include "simulation/recovery.hpp"
#include "simulation/simulation.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>

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
  bool keep_going = false;
};

/// The digest of what `make(seed)` makes, run to its end; throws Broken, with the words that do it again.
/// `summary(world)` is what a report says of it.
template <class Make, class Summary>
std::uint64_t run(Settings const& settings, std::uint64_t seed, bool report, std::string const& option,
                  Make make, Summary summary) {
  std::uint64_t step = 0;
  auto name = "seed " + std::to_string(seed);
  try {
    auto const world = make(seed);
    if constexpr (requires { world->adapter_name(); })
      name += " (" + std::string(world->adapter_name()) + ")";
    for (; step < settings.steps; ++step)
      world->step();
    world->finish();
    if (report) {
      std::printf("%s: %llu steps, %s\n", name.c_str(), static_cast<unsigned long long>(step),
                  summary(*world).c_str());
      std::fflush(stdout);
    }
    return world->digest();
  } catch (Broken const& broken) {
    throw Broken(name + ", step " + std::to_string(step) + ": " + broken.what() +
                 "\nagain: cluster_simulation " + option + "--seed " + std::to_string(seed) + " --steps " +
                 std::to_string(settings.steps));
  }
}

std::string number(std::uint64_t count) {
  return std::to_string(count);
}

std::uint64_t run_cluster(Settings const& settings, std::uint64_t seed, bool report) {
  auto const option = "--servers " + number(settings.servers) + (settings.no_faults ? " --no-faults " : " ");
  return run(
      settings, seed, report, option,
      [&](std::uint64_t from) {
        return std::make_unique<Simulation>(
            Simulation::Settings{.seed = from, .servers = settings.servers, .faults = !settings.no_faults});
      },
      [](Simulation const& world) {
        return number(world.faults()) + " faults, " + number(world.deliveries()) + " deliveries (" +
               number(world.expected()) + " certain), " + number(world.requests()) + " requests (" +
               number(world.complete()) + " complete, at most " + number(world.most_open()) +
               " in one adapter)";
      });
}

/// Of a server that recovers sessions.
std::uint64_t run_recovery(Settings const& settings, std::uint64_t seed, bool report) {
  return run(
      settings, seed, report, "--recovery ",
      [](std::uint64_t from) { return std::make_unique<RecoverySimulation>(from); },
      [](RecoverySimulation const& world) {
        return number(world.cuts()) + " cuts, " + number(world.deliveries()) + " deliveries, " +
               number(world.recovered()) + " recovered, " + number(world.refused()) + " not";
      });
}

/// Of servers that deliver exactly once, over a log.
std::uint64_t run_logged(Settings const& settings, std::uint64_t seed, bool report) {
  return run(
      settings, seed, report, "--exactly-once ",
      [](std::uint64_t from) { return std::make_unique<LoggedSimulation>(from); },
      [](LoggedSimulation const& world) {
        return number(world.faults()) + " faults, " + number(world.deliveries()) + " deliveries, " +
               number(world.recovered()) + " recovered, " + number(world.told()) + " told";
      });
}

/// What is wrong on purpose, by name; `find(i, seeds, steps)` is the first seed that shows it, 0 if none
/// does. The first of the names is that of nothing, which no seed may show.
template <class Find>
void show_each(Settings const& settings, std::span<std::string_view const> names, std::string const& kind,
               std::string const& shown, Find find) {
  if (auto const seed = find(0, settings.seeds, settings.steps))
    throw Broken("with nothing wrong seed " + number(seed) + " breaks a rule");
  for (std::size_t i = 1; i < names.size(); ++i) {
    auto const name = "the " + kind + " " + std::string(names[i]);
    auto const seed = find(i, settings.seeds, settings.steps);
    if (seed == 0) throw Broken(name + " is not " + shown + " by " + number(settings.seeds) + " seeds");
    std::printf("%s is %s by seed %llu\n", name.c_str(), shown.c_str(),
                static_cast<unsigned long long>(seed));
    std::fflush(stdout);
  }
}

static_assert(std::size(aerie::socketio::condition_names) ==
              static_cast<std::size_t>(aerie::socketio::Condition::count));
static_assert(std::size(aerie::simulation::mutant_names) == static_cast<std::size_t>(Mutant::count));

/// What is delivered exactly once stands on conditions: each must be missed by one of the seeds.
void run_without_conditions(Settings const& settings) {
  using aerie::socketio::Condition;
  show_each(settings, aerie::socketio::condition_names, "condition", "missed",
            [](std::size_t i, std::uint64_t seeds, std::uint64_t steps) {
              return aerie::simulation::seeds_to_miss(static_cast<Condition>(i), seeds, steps);
            });
}

void run_mutants(Settings const& settings) {
  show_each(settings, aerie::simulation::mutant_names, "mutant", "noticed",
            [](std::size_t i, std::uint64_t seeds, std::uint64_t steps) {
              return aerie::simulation::seeds_to_catch(static_cast<Mutant>(i), seeds, steps);
            });
}

std::uint64_t run_one(Settings const& settings, std::uint64_t seed, bool report) {
  if (settings.logged) return run_logged(settings, seed, report);
  return settings.recovery ? run_recovery(settings, seed, report) : run_cluster(settings, seed, report);
}

void run_twice(Settings const& settings, std::uint64_t seed) {
  auto const digest = run_one(settings, seed, !settings.keep_going);
  if (settings.replay && run_one(settings, seed, false) != digest)
    throw Broken("seed " + number(seed) + " does not do the same twice");
}

/// Ends with the first seed that breaks a rule, or says of each that does.
void run_all(Settings const& settings) {
  std::uint64_t broken_seeds = 0;
  for (std::uint64_t i = 0; i < settings.seeds; ++i) {
    try {
      run_twice(settings, settings.seed + i);
    } catch (Broken const& broken) {
      if (!settings.keep_going) throw;
      ++broken_seeds;
      std::fprintf(stderr, "%s\n", broken.what());
    }
  }
  if (!settings.keep_going) return;
  auto const words = number(broken_seeds) + " of " + number(settings.seeds) + " seeds break a rule";
  if (broken_seeds > 0) throw Broken(words);
  std::printf("%s\n", words.c_str());
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
  app.add_flag("--keep-going", settings.keep_going,
               "Runs all seeds, says which of them break a rule, and nothing of the others");
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
    run_all(settings);
  } catch (Broken const& broken) {
    std::fprintf(stderr, "%s\n", broken.what());
    return 1;
  }
}
