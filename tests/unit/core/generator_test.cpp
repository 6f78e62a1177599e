#include "unit/core/task_fixture.hpp"

#include <aerie/core/generator.hpp>

#include <stdexcept>

namespace aerie::test { namespace {

class GeneratorTest : public TaskFixture {};

Generator<int> count_to(int last, core::Milliseconds pause) {
  for (int i = 1; i <= last; ++i) {
    if (pause > 0ms) co_await sleep_for(pause);
    co_yield i;
  }
}

Task<std::vector<int>> read_all(Generator<int> numbers) {
  std::vector<int> result;
  while (true) {
    auto const number = co_await numbers.next();
    if (!number) break;
    result.push_back(*number);
  }
  auto const after_the_end = co_await numbers.next();
  if (after_the_end) throw std::logic_error("a value after the end");
  co_return result;
}

Generator<std::string> fails_after_one() {
  co_yield std::string("a value that is long enough to live on the heap");
  throw std::runtime_error("no more");
}

TEST_F(GeneratorTest, GivesItsValuesAndThenNothing) {
  EXPECT_EQ(begin(read_all(count_to(3, 0ms)))->take(), (std::vector{1, 2, 3}));
  EXPECT_EQ(begin(read_all(count_to(0, 0ms)))->take(), std::vector<int>());
}

TEST_F(GeneratorTest, MayWaitBetweenValues) {
  auto const outcome = begin(read_all(count_to(3, 5ms)));
  for (int i = 0; i < 2; ++i) {
    advance(5ms);
    EXPECT_FALSE(outcome->has_value());
  }
  advance(5ms);
  EXPECT_EQ(outcome->take(), (std::vector{1, 2, 3}));
}

TEST_F(GeneratorTest, DoesNotRunAheadOfItsReader) {
  int made = 0;
  auto const numbers = [&made]() -> Generator<int> {
    while (true) {
      ++made;
      co_yield made;
    }
  };
  auto const body = [&]() -> Task<int> {
    auto stream = numbers();
    EXPECT_EQ(made, 0);
    co_await stream.next();
    auto const second = co_await stream.next();
    co_return *second;
  };
  EXPECT_EQ(begin(body())->take(), 2);
  EXPECT_EQ(made, 2);
}

TEST_F(GeneratorTest, ThrowsWhatItsBodyThrowsAndIsThenAtItsEnd) {
  auto const body = []() -> Task<std::string> {
    auto stream = fails_after_one();
    auto const first = co_await stream.next();
    std::string caught;
    try {
      co_await stream.next();
    } catch (std::runtime_error const& error) {
      caught = error.what();
    }
    auto const rest = co_await stream.next();
    co_return caught + (rest ? " but one" : ", that is all");
  };
  EXPECT_EQ(begin(body())->take(), "no more, that is all");
}

TEST_F(GeneratorTest, ReadInALoopKeepsTheStackFlat) {
  auto const sum = [](Generator<int> numbers) -> Task<long> {
    long total = 0;
    while (true) {
      auto const number = co_await numbers.next();
      if (!number) break;
      total += *number;
    }
    co_return total;
  };
  EXPECT_EQ(begin(sum(count_to(100'000, 0ms)))->take(), 5'000'050'000);
  auto const waiting = [](int last) -> Generator<int> {
    for (int i = 1; i <= last; ++i) {
      if (i % 10 == 0) co_await sleep_for(0ms);
      co_yield i;
    }
  };
  auto const outcome = begin(sum(waiting(100'000)));
  run_ready();
  EXPECT_EQ(outcome->take(), 5'000'050'000);
}

TEST_F(GeneratorTest, MayBeDestroyedByItsReaderAfterAnyValue) {
  int alive = 0;
  auto const numbers = [&alive](core::Milliseconds pause) -> Generator<int> {
    Counted const resource(alive);
    for (int i = 0;; ++i) {
      if (pause > 0ms) co_await sleep_for(pause);
      co_yield i;
    }
  };
  auto const read_one = [&](core::Milliseconds pause) -> Task<int> {
    auto stream = numbers(pause);
    auto const first = co_await stream.next();
    co_return *first;
  };
  EXPECT_EQ(begin(read_one(0ms))->take(), 0);
  EXPECT_EQ(alive, 0);
  auto const outcome = begin(read_one(1ms));
  EXPECT_EQ(alive, 1);
  advance(1ms);
  EXPECT_EQ(outcome->take(), 0);
  EXPECT_EQ(alive, 0);
}

TEST_F(GeneratorTest, IsCancelledWithItsReader) {
  auto const outcome = begin(read_all(count_to(3, 1h)));
  context->cancel();
  run_ready();
  EXPECT_TRUE(failed_with<Cancelled>(*outcome));
}

TEST_F(GeneratorTest, IsDestroyedWithItsReaderWhileItWaits) {
  int alive = 0;
  auto const numbers = [](Counted) -> Generator<int> {
    co_await sleep_for(1h);
    co_yield 1;
  };
  begin(read_all(numbers(Counted(alive))));
  EXPECT_EQ(alive, 1);
  context.reset();
  EXPECT_EQ(alive, 0);
}

TEST_F(GeneratorTest, MayReadAnotherGenerator) {
  auto const squares = [](Generator<int> numbers) -> Generator<int> {
    while (true) {
      auto const number = co_await numbers.next();
      if (!number) break;
      int const square = *number * *number;
      co_yield square;
    }
  };
  auto const outcome = begin(read_all(squares(count_to(4, 1ms))));
  for (int i = 0; i < 4; ++i)
    advance(1ms);
  EXPECT_EQ(outcome->take(), (std::vector{1, 4, 9, 16}));
}

}}  // namespace aerie::test
