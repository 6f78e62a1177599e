#include "lab/errors.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace reference::lab {

using namespace std::chrono_literals;

namespace {

/// Something that is no exception, but can be thrown.
struct Complaint {
  std::string message;
};

}  // namespace

void Errors::describe(aerie::Gateway<Errors>& g) {
  g.at("/lab");
  g.on<&Errors::ws>("throw:ws");
  g.on<&Errors::ws_object>("throw:wsobject");
  g.on<&Errors::ws_array>("throw:wsarray");
  g.on<&Errors::error>("throw:error");
  g.on<&Errors::http>("throw:http");
  g.on<&Errors::string>("throw:string");
  g.on<&Errors::object>("throw:object");
  g.on<&Errors::rejected_ws>("reject:ws");
  g.on<&Errors::rejected_error>("reject:error");
}

void Errors::ws() {
  throw aerie::WsException("ws text");
}

void Errors::ws_object() {
  auto const nested = aerie::Value::object({{"a", aerie::Value::array({1})}});
  throw aerie::WsException(aerie::Value::object({{"status", "bad"}, {"code", 42}, {"nested", nested}}));
}

void Errors::ws_array() {
  throw aerie::WsException(aerie::Value::array({"a", "b"}));
}

void Errors::error() {
  throw std::runtime_error("an inner detail");
}

void Errors::http() {
  throw aerie::BadRequestException("bad request");
}

void Errors::string() {
  throw std::string("just text");
}

void Errors::object() {
  throw Complaint{"not an exception"};
}

aerie::Task<> Errors::rejected_ws() {
  co_await aerie::sleep_for(0ms);
  throw aerie::WsException("rejected text");
}

aerie::Task<> Errors::rejected_error() {
  co_await aerie::sleep_for(0ms);
  throw std::runtime_error("an inner detail");
}

}  // namespace reference::lab
