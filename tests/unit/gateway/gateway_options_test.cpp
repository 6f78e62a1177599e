#include "gateway/gateway_options.hpp"

#include <aerie/gateway/exceptions.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aerie::gateway_options_cases { namespace {

using gateway::merge;
using gateway::server_options;

std::string refusal(GatewayOptions options, GatewayOptions const& more) {
  try {
    merge(options, more, "One", "Other");
  } catch (gateway::StartError const& error) {
    return error.what();
  }
  return "";
}

TEST(GatewayOptions, ReachTheServerTheyAreFor) {
  auto const parser = msgpack_parser();
  EXPECT_EQ(server_options({.parser = parser}, {}).parser, parser);
  EXPECT_EQ(server_options({}, {}).parser, ServerOptions{}.parser) << "what nobody sets stays as it is";
  auto const other = json_parser();
  GatewayOptions const both{.parser = parser,
                            .server = [&](ServerOptions& server) { server.parser = other; }};
  EXPECT_EQ(server_options(both, {}).parser, other) << "the hook comes last";
}

TEST(GatewayOptions, TurnRecoveryOn) {
  using std::chrono::minutes;
  RecoveryOptions const recovery{.max_disconnection_duration = minutes(1)};
  auto const server = server_options({.connection_state_recovery = recovery}, {});
  ASSERT_TRUE(server.connection_state_recovery);
  EXPECT_EQ(server.connection_state_recovery->max_disconnection_duration, minutes(1));
  EXPECT_FALSE(server_options({}, {}).connection_state_recovery);
  GatewayOptions const one{.connection_state_recovery = recovery};
  EXPECT_EQ(refusal(one, one), "");
  EXPECT_EQ(refusal(one, {}), "");
  for (auto const& other :
       {RecoveryOptions{},
        RecoveryOptions{.max_disconnection_duration = minutes(1), .skip_middlewares = true},
        RecoveryOptions{.max_disconnection_duration = minutes(1), .max_retained = 1}}) {
    EXPECT_NE(refusal(one, {.connection_state_recovery = other}).find("connection_state_recovery"),
              std::string::npos);
  }
}

TEST(GatewayOptions, OfGatewaysThatShareAServerMayNotContradictEachOther) {
  auto const parser = msgpack_parser();
  EXPECT_EQ(refusal({.parser = parser}, {.parser = parser}), "");
  EXPECT_EQ(refusal({.parser = parser}, {}), "");
  EXPECT_EQ(refusal({}, {.parser = parser}), "");
  EXPECT_EQ(refusal({.parser = parser}, {.parser = json_parser()}),
            "aerie: One and Other share a server (one port and path) but set its `parser` differently; set "
            "it in one "
            "of them, or give one another port or path");
}

}}  // namespace aerie::gateway_options_cases
