#pragma once

/// \file
/// What somebody types at `aerie connect`.

#include <aerie/schema/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie::cli {

/// An event: `say "hello", {"a":1}`, its name and then its arguments as they stand in a JSON array. What is
/// no JSON is one text: `say hello there`. With a question mark in front it asks for an acknowledgement:
/// `?say hello`.
struct TypedLine {
  std::string event = {};
  std::vector<Value> args = {};
  bool wants_ack = false;

  static TypedLine parse(std::string_view line);
};

}  // namespace aerie::cli
