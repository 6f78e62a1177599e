#pragma once

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace reference::lab {

/// A parameter of our own: the client's role, as it said itself when it connected.
struct Role {
  aerie::Value name;

  static Role extract(aerie::ExecutionContext& context);
};

/// A gateway's client is told of a failed ParseInt what NestJS tells it, which is nothing.
struct HttpParseInt : aerie::ParseInt {
  HttpParseInt() : ParseInt({.always_http_exception = true}) {}
};
struct HttpParseBool : aerie::ParseBool {
  HttpParseBool() : ParseBool({.always_http_exception = true}) {}
};
struct HttpParseNumbers : aerie::ParseArray<double> {
  HttpParseNumbers() : ParseArray({.always_http_exception = true}) {}
};

/// What a handler may ask for.
class Parameters {
 public:
  static void describe(aerie::Gateway<Parameters>& g);

 private:
  aerie::Value args(aerie::Namespace& nsp, aerie::Value const& payload);
  std::string type(aerie::Value const& payload);
  aerie::Value custom(Role const& role, aerie::Namespace& nsp);
  aerie::Value key(aerie::Body<"name"> name);
  aerie::Value number(aerie::Body<"n", std::int64_t, HttpParseInt> n);
  std::int64_t whole_number(aerie::Payload<std::int64_t, HttpParseInt> const& payload);
  bool boolean(aerie::Body<"b", bool, HttpParseBool> b);
  aerie::Value with_default(aerie::Body<"n", aerie::Value, aerie::DefaultValue<7>> n);
  std::vector<double> numbers(aerie::Body<"ids", std::vector<double>, HttpParseNumbers> ids);
  aerie::Value two(aerie::Body<"a"> a, aerie::Body<"b"> b, aerie::Value const& all);
};

}  // namespace reference::lab
