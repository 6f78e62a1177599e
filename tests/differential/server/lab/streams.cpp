#include "lab/streams.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>

namespace reference::lab {

using namespace std::chrono_literals;

namespace {

aerie::Generator<aerie::Event<std::string>> late() {
  co_yield aerie::Event<std::string>("obs", "late");
}

}  // namespace

void Streams::describe(aerie::Gateway<Streams>& g) {
  g.at("/lab");
  g.on<&Streams::events>("obs");
  g.on<&Streams::values>("obs:plain");
  g.on<&Streams::slow>("obs:async");
  g.on<&Streams::mixed>("obs:mixed");
  g.on<&Streams::empty>("obs:empty");
  g.on<&Streams::broken>("obs:error");
  g.on<&Streams::promised>("obs:promise");
  g.on<&Streams::until_gone>("obs:untilgone");
}

aerie::Generator<aerie::Event<int>> Streams::events() {
  for (int n = 1; n <= 3; ++n)
    co_yield aerie::Event<int>("obs", n);
}

aerie::Generator<int> Streams::values() {
  for (int n = 1; n <= 3; ++n)
    co_yield n;
}

aerie::Generator<aerie::Event<int>> Streams::slow() {
  for (int n = 0; n < 3; ++n) {
    co_await aerie::sleep_for(15ms);
    co_yield aerie::Event<int>("obs", n);
  }
}

// Of several acknowledgements the first one counts.
aerie::Generator<aerie::ReplyItem> Streams::mixed() {
  co_yield aerie::Event<int>("obs", 1);
  co_yield aerie::Value("acked");
  co_yield aerie::Event<int>("obs", 2);
  co_yield aerie::Value("too late");
}

aerie::Generator<int> Streams::empty() {
  co_return;
}

aerie::Generator<aerie::Event<int>> Streams::broken() {
  co_yield aerie::Event<int>("obs", 1);
  throw aerie::WsException("stream broke");
}

aerie::Task<aerie::Generator<aerie::Event<std::string>>> Streams::promised() {
  co_return late();
}

// Ends where it waits, when its client leaves.
aerie::Generator<aerie::Event<int>> Streams::until_gone() {
  for (int n = 0;; ++n) {
    co_await aerie::sleep_for(20ms);
    co_yield aerie::Event<int>("tick", n);
  }
}

}  // namespace reference::lab
