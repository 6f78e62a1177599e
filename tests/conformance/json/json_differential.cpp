// Says of each text what Aerie's JSON codec makes of it. Every line of standard input is a text in
// hexadecimal digits; every line of standard output answers one: `refused`, or `accepted` and the text
// written again, in hexadecimal too.

#include "../hex_lines.hpp"

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/json_scan.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace {

using aerie::Value;

// The whole text as one value, if the reader accepts it.
std::optional<Value> read(std::string_view text) {
  Value value;
  if (!aerie::json::parse(text, value)) return std::nullopt;
  return value;
}

// Whether the text is accepted in the way of the hot path: as a packet's arguments, each decoded on its own.
bool is_accepted_as_element(std::string const& text) {
  aerie::json::ElementList elements;
  std::string const array = "[" + text + "]";
  if (aerie::json::scan_array(array, elements) != aerie::json::ScanError::none) return false;
  for (std::string_view const element : elements) {
    if (!read(element)) return false;
  }
  return elements.size() == 1;
}

std::string answer(std::string const& text) {
  using namespace aerie::json;
  auto const value = read(text);
  bool const is_valid = validate(text) == ScanError::none;
  if (value.has_value() != is_valid) return "inconsistent: the reader and the scanner disagree";
  // Within an array the text is one level deeper.
  bool const fits_into_array = validate(text, std::nullopt, default_max_depth - 1) == ScanError::none;
  if (fits_into_array && !is_accepted_as_element(text)) {
    return "inconsistent: the text is refused as an element of an array";
  }
  return value ? "accepted " + hex_lines::to_hex(aerie::json::stringify(*value)) : "refused";
}

}  // namespace

int main() {
  hex_lines::answer_each(answer);
}
