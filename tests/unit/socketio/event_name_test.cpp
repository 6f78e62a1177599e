#include "socketio/event_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aerie::socketio { namespace {

/// The name in a payload, or "!" if it has none.
std::string name_in(std::string_view payload) {
  json::ElementList elements;
  EXPECT_EQ(json::scan_array(payload, elements, std::nullopt, 512), json::ScanError::none) << payload;
  EventName const name(Args(json_elements(), elements, 0, {}));
  return name.valid() ? std::string(name.text()) : "!";
}

TEST(EventName, IsAStringOrANumber) {
  struct {
    char const* payload;
    char const* name;
  } const table[] = {{R"(["hello",1])", "hello"},
                     {R"([""])", ""},
                     {R"(["a\"b"])", "a\"b"},
                     {R"(["\u00e9"])", "\xc3\xa9"},
                     {R"([12])", "12"},
                     {R"([-1.50])", "-1.5"},
                     {R"([1e3])", "1000"},
                     {R"([ "spaced" ])", "spaced"},
                     {R"([true])", "!"},
                     {R"([null])", "!"},
                     {R"([{}])", "!"},
                     {R"([["x"]])", "!"},
                     {R"([])", "!"},
                     {R"(["__proto__"])", "__proto__"}};
  for (auto const& [payload, name] : table)
    EXPECT_EQ(name_in(payload), name) << payload;
}

}}  // namespace aerie::socketio
