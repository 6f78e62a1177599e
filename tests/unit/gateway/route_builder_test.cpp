#include "gateway/route_builder.hpp"

#include "gateway/container.hpp"

#include <aerie/gateway/handler.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace route_builder_cases {

using namespace aerie;
using gateway::Layers;
using gateway::MadeLayer;
using gateway::Metadata;
using gateway::RouteBuilder;

/// A layer of every kind, which are told apart by their pointers.
struct Everything {
  bool can_activate(ExecutionContext&) { return true; }
  Reply intercept(ExecutionContext&, CallHandler&) { return {}; }
  Value transform(Value value) { return value; }
  void on_exception(std::exception_ptr const&, ExecutionContext&) {}
};

struct Chat {
  void plain() {}
  void piped(Value const&, Body<"a">, Body<"b", Value, Everything>) {}
};

struct Root {
  static void describe(Module&) {}
};

class RouteBuilderTest : public ::testing::Test {
 protected:
  gateway::LayerSpec spec(bool on_connection = false) {
    auto const layer = gateway::detail::layer_of(std::make_shared<Everything>());
    made.push_back(layer);
    return {gateway::type_id<Everything>(), [layer](gateway::Resolver&) { return layer; }, on_connection};
  }
  RouteBuilder builder() {
    return RouteBuilder(gateway::type_id<Chat>(), &chat, *container.modules().back(), global, of_class,
                        class_metadata);
  }

  gateway::Container container{gateway::module_reference<Root>(), {}};
  Chat chat;
  std::vector<gateway::Layer> made;
  gateway::ApplicationLayers global;
  Layers of_class;
  std::vector<Metadata> class_metadata;
};

TEST_F(RouteBuilderTest, PutsLayersInTheOrderInWhichTheyRun) {
  global.layers = gateway::make_layers({spec()}, *container.modules().back(), ContextType::ws);
  of_class = {spec(), spec()};
  Layers const own = {spec(), spec()};
  auto const route = builder().make("piped", gateway::handler_of<Chat, &Chat::piped>, own, {});

  ASSERT_EQ(route.guards.size(), 5U);
  ASSERT_EQ(route.interceptors.size(), 5U);
  ASSERT_EQ(route.filters.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(route.guards[i], made[i].guard) << i;
    EXPECT_EQ(route.interceptors[i], made[i].interceptor) << i;
    // The handler's filters first, and of one level the last one first.
    EXPECT_EQ(route.filters[i], made[4 - i].filter) << i;
  }
  ASSERT_EQ(route.pipes.size(), 3U);
  EXPECT_EQ(route.pipes[0].size(), 5U);
  EXPECT_EQ(route.pipes[2].size(), 6U);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(route.pipes[2][i], made[i].pipe) << i;
  EXPECT_FALSE(route.is_plain());
}

TEST_F(RouteBuilderTest, KnowsWhatCanSimplyBeCalled) {
  EXPECT_TRUE(builder().make("plain", gateway::handler_of<Chat, &Chat::plain>, {}, {}).is_plain());
  of_class = {spec()};
  EXPECT_FALSE(builder().make("plain", gateway::handler_of<Chat, &Chat::plain>, {}, {}).is_plain());
}

TEST_F(RouteBuilderTest, PrefersWhatTheHandlerSaysToWhatItsClassSays) {
  class_metadata = {{gateway::type_id<int>(), std::make_shared<int const>(1)}};
  Metadata const own{gateway::type_id<int>(), std::make_shared<int const>(2)};
  auto const route = builder().make("plain", gateway::handler_of<Chat, &Chat::plain>, {}, {own});
  ASSERT_EQ(route.metadata.size(), 2U);
  EXPECT_EQ(route.metadata.front().value, own.value);
}

TEST_F(RouteBuilderTest, LeavesHooksTheirFilters) {
  of_class = {spec()};
  auto const route = builder().make_hook("connection", gateway::handler_of<Chat, &Chat::plain>);
  EXPECT_TRUE(route.is_plain());
  EXPECT_EQ(route.filters.size(), 1U);
}

TEST_F(RouteBuilderTest, GuardsConnectionsOnlyWhereThatIsSaid) {
  of_class = {spec(), spec(true)};
  auto const route = builder().make_connection_guards();
  ASSERT_EQ(route.guards.size(), 1U);
  EXPECT_EQ(route.guards[0], made[1].guard);
}

}  // namespace route_builder_cases
