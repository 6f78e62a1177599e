// What it costs to write a handler as a coroutine, compared with a plain function.

#include <aerie/core/runtime.hpp>
#include <aerie/core/task.hpp>

#include <benchmark/benchmark.h>

namespace {

using aerie::Task;
namespace core = aerie::core;

[[gnu::noinline]] int plain(int a) {
  return a + 1;
}
[[gnu::noinline]] Task<int> ready(int a) {
  co_return a + 1;
}
[[gnu::noinline]] Task<int> nested(int a) {
  co_return co_await ready(a) + 1;
}

void PlainFunction(benchmark::State& state) {
  int sum = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(sum += plain(sum));
}

template <auto Function>
void StartedTask(benchmark::State& state) {
  aerie::Runtime runtime;
  core::TaskContext context(runtime.shard(0));
  int sum = 0;
  for (auto _ : state) {
    core::start(Function(sum), context, [&sum](core::Outcome<int>&& outcome) { sum += outcome.take(); });
    benchmark::DoNotOptimize(sum);
  }
}

BENCHMARK(PlainFunction);
BENCHMARK(StartedTask<ready>)->Name("TaskThatIsReady");
BENCHMARK(StartedTask<nested>)->Name("TaskThatAwaitsOneThatIsReady");

}  // namespace

BENCHMARK_MAIN();
