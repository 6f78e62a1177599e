#include "typed_line.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <algorithm>

namespace aerie::cli {

namespace {

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

TypedLine TypedLine::parse(std::string_view line) {
  TypedLine typed;
  line = without_blanks(line);
  if (line.starts_with('?')) {
    typed.wants_ack = true;
    line = without_blanks(line.substr(1));
  }
  typed.event = line.substr(0, line.find(' '));
  auto const rest = without_blanks(line.substr(typed.event.size()));
  if (rest.empty() || !utf8::is_valid(rest)) return typed;
  Value args;
  if (json::parse("[" + std::string(rest) + "]", args).ok() && args.is_array()) {
    auto const& array = args.as_array();
    typed.args.assign(array.begin(), array.end());
  } else {
    typed.args.emplace_back(rest);
  }
  return typed;
}

}  // namespace aerie::cli
