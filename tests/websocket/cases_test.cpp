#include "websocket/case.hpp"
#include "websocket/tester.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace aerie::websocket::cases { namespace {

std::vector<Case> const& all_cases() {
  static auto const list = [] {
    CaseList made;
    add_framing_cases(made);
    add_utf8_cases(made);
    add_close_cases(made);
    add_limits_cases(made);
    add_compression_cases(made);
    return made;
  }();
  return list.all();
}

using Played = std::tuple<Case, Role>;

class WebSocketCases : public testing::TestWithParam<Played> {};

TEST_P(WebSocketCases, EndAsTheyMust) {
  auto const& [each, endpoint] = GetParam();
  auto const script = each.make(endpoint);
  auto const outcome = play(script, endpoint);
  EXPECT_EQ(outcome, expected_of(script, outcome)) << each.number;
}

std::string name_of(testing::TestParamInfo<Played> const& info) {
  auto name = std::string(std::get<Role>(info.param) == Role::server ? "Server" : "Client");
  name.append("_").append(std::get<Case>(info.param).number);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(OfAutobahn, WebSocketCases,
                         testing::Combine(testing::ValuesIn(all_cases()),
                                          testing::Values(Role::server, Role::client)),
                         name_of);

TEST(WebSocketCaseList, HasEveryCaseOfTheSuiteOnce) {
  std::set<std::string> numbers;
  for (auto const& each : all_cases())
    EXPECT_TRUE(numbers.insert(each.number).second) << each.number << " twice";
  EXPECT_EQ(numbers.size(), 517U);
}

}}  // namespace aerie::websocket::cases
