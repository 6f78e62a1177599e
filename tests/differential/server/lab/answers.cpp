#include "lab/answers.hpp"

#include "shared/values.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace reference::lab {

using namespace std::chrono_literals;

void Answers::describe(aerie::Gateway<Answers>& g) {
  g.at("/lab");
  g.on<&Answers::echo>("echo");
  g.on<&Answers::echo_plain>("echo:plain");
  g.on<&Answers::nothing>("ret:undefined");
  g.on<&Answers::null>("ret:null");
  g.on<&Answers::no>("ret:false");
  g.on<&Answers::zero>("ret:zero");
  g.on<&Answers::empty>("ret:empty");
  g.on<&Answers::array>("ret:array");
  g.on<&Answers::date>("ret:date");
  g.on<&Answers::buffer>("ret:buffer");
  g.on<&Answers::res>("res");
  g.on<&Answers::res_without_data>("res:nodata");
  g.on<&Answers::res_with_empty_event>("res:emptyevent");
  g.on<&Answers::res_with_more>("res:extra");
  g.on<&Answers::promise>("promise");
  g.on<&Answers::promised_res>("promise:res");
  g.on<&Answers::dup1>("dup");
  g.on<&Answers::dup2>("dup");
  g.on<&Answers::dup_res1>("dup:res");
  g.on<&Answers::dup_res2>("dup:res");
}

aerie::DynamicReply Answers::echo(aerie::Value const& payload) {
  return aerie::DynamicReply(payload);
}

aerie::Value Answers::echo_plain(aerie::Socket& socket, aerie::Value const& payload) {
  return aerie::Value::object({{"d", or_null(payload)}, {"nsp", socket.nsp().name()}});
}

void Answers::nothing() {}

aerie::Value Answers::null() {
  return nullptr;
}

bool Answers::no() {
  return false;
}

int Answers::zero() {
  return 0;
}

std::string Answers::empty() {
  return "";
}

aerie::Value Answers::array() {
  return aerie::Value::array({1, "two", aerie::Value::object({{"three", 3}})});
}

aerie::Value Answers::date() {
  return aerie::Value::object({{"at", aerie::Date::from_milliseconds(0)},
                               {"big", std::int64_t{9007199254740991}},
                               {"nan", std::numeric_limits<double>::quiet_NaN()},
                               {"u", aerie::Value()}});
}

aerie::Bytes Answers::buffer() {
  return {0x01, 0x02, 0xff};
}

aerie::Event<> Answers::res(aerie::Value const& payload) {
  return {"res", payload};
}

aerie::Event<> Answers::res_without_data() {
  return {"res"};
}

// An event without a name is none: this is the acknowledgement.
aerie::DynamicReply Answers::res_with_empty_event() {
  return aerie::DynamicReply(aerie::Value::object({{"event", ""}, {"data", 1}}));
}

aerie::DynamicReply Answers::res_with_more() {
  return aerie::DynamicReply(aerie::Value::object({{"event", "res"}, {"data", 1}, {"other", 2}}));
}

// Longer than what a busy client may be away between its two questions.
aerie::Task<aerie::DynamicReply> Answers::promise(aerie::Value payload) {
  co_await aerie::sleep_for(40ms);
  co_return aerie::DynamicReply(std::move(payload));
}

aerie::Task<aerie::Event<>> Answers::promised_res(aerie::Value payload) {
  co_await aerie::sleep_for(10ms);
  co_return aerie::Event<>("res", std::move(payload));
}

std::string Answers::dup1() {
  return "dup1";
}

std::string Answers::dup2() {
  return "dup2";
}

aerie::Event<int> Answers::dup_res1() {
  return {"res", 1};
}

aerie::Event<int> Answers::dup_res2() {
  return {"res", 2};
}

}  // namespace reference::lab
