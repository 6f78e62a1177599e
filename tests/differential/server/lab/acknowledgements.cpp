#include "lab/acknowledgements.hpp"

#include "shared/values.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>
#include <vector>

namespace reference::lab {

using namespace std::chrono_literals;

void Acknowledgements::describe(aerie::Gateway<Acknowledgements>& g) {
  g.at("/lab");
  g.on<&Acknowledgements::manual>("ack:manual");
  g.on<&Acknowledgements::manual_and_event>("ack:manual-res");
  g.on<&Acknowledgements::arguments>("ack:args");
  g.on<&Acknowledgements::third>("ack:third");
  g.on<&Acknowledgements::twice>("ack:twice");
}

aerie::Task<std::string> Acknowledgements::manual(aerie::Ack<> ack, aerie::Value payload) {
  co_await aerie::sleep_for(5ms);
  ack(aerie::Value::object({{"manual", or_null(payload)}}));
  co_return "ignored";
}

aerie::Event<std::string> Acknowledgements::manual_and_event(aerie::Ack<> ack) {
  ack("manual");
  return {"res", "still emitted"};
}

void Acknowledgements::arguments(aerie::Ack<> ack) {
  ack(1, "two", std::vector<int>{3});
}

void Acknowledgements::third(aerie::Socket&, aerie::Value const& payload, aerie::Ack<> ack) {
  ack(aerie::Value::object({{"third", or_null(payload)}, {"type", ack ? "function" : "undefined"}}));
}

void Acknowledgements::twice(aerie::Ack<> ack) {
  ack("first");
  ack("second");
}

}  // namespace reference::lab
