#include "store/postgres_link.hpp"

#include <algorithm>
#include <utility>

namespace chat::postgres {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds first_pause = 100ms;
constexpr std::chrono::milliseconds longest_pause = 5s;

}  // namespace

Link::Link(Options options, std::span<Statement const> statements)
    : options_(std::move(options)),
      statements_(statements),
      pause_(first_pause),
      random_(std::random_device()()) {}

Connection& Link::renewed() {
  connection_.reset();
  if (Clock::now() < not_before_) throw Error("", reason_);
  try {
    connection_.emplace(options_, statements_);
  } catch (Error const& error) {
    wait_longer(error.what());
    throw Error("", reason_);
  }
  pause_ = first_pause;
  return *connection_;
}

void Link::wait_longer(std::string const& reason) {
  reason_ = reason;
  std::uniform_int_distribution<std::int64_t> between(pause_.count() / 2, pause_.count());
  not_before_ = Clock::now() + std::chrono::milliseconds(between(random_));
  pause_ = std::min(pause_ * 2, longest_pause);
}

}  // namespace chat::postgres
