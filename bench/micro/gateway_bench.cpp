// What a message with an acknowledgement costs: answered by a handler of a Socket.IO server, by one of a
// gateway, and by one behind a guard, a ValidationPipe and an exception filter. From the WebSocket frame to
// the frame of the answer, ten of them in one read, over a connection in memory.

#include "counts/order_scene.hpp"

#include <benchmark/benchmark.h>

namespace {

using aerie::counts::Counter;
using aerie::counts::OrderScene;

template <Counter Who>
void AnsweredBy(benchmark::State& state) {
  constexpr std::size_t in_flight = 10;
  OrderScene scene(Who);
  if (!scene.works()) {
    state.SkipWithError("orders are not answered");
    return;
  }
  auto& client = scene.clients().front();
  auto const input = OrderScene::orders(in_flight);
  for (auto _ : state) {
    client.write(input);
    scene.run();
    benchmark::DoNotOptimize(client.take());
  }
  state.counters["per_message"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * in_flight,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK(AnsweredBy<Counter::socket>)->Name("SocketHandler");
BENCHMARK(AnsweredBy<Counter::gateway>)->Name("GatewayHandler");
BENCHMARK(AnsweredBy<Counter::guarded_gateway>)->Name("GuardedValidatedFiltered");

}  // namespace

BENCHMARK_MAIN();
