#include "gateway/gateway_binding.hpp"

#include "gateway/route_builder.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/http/response.hpp>
#include <aerie/socketio/pattern.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

[[noreturn]] void refuse_for_messages(Route const& route) {
  throw StartError(
      core::concat("aerie: ", route.class_name, "::", route.handler->name,
                   " handles messages, but takes or returns what only HTTP requests have (Param, "
                   "Query, Header, http::Response); make it a handler of a controller"));
}

/// Throws if a parameter is taken from where a message has nothing.
void check_parameter(Route const& route, PipedParameter const& parameter) {
  auto const source = parameter.source;
  if (source == ArgumentSource::body || source == ArgumentSource::custom) return;
  if (source != ArgumentSource::param || !route.nsp_pattern) refuse_for_messages(route);
  auto const& names = route.nsp_pattern->group_names();
  if (parameter.name.empty() || std::ranges::find(names, parameter.name) != names.end()) return;
  throw StartError(core::concat("aerie: ", route.class_name, "::", route.handler->name,
                                " takes aerie::Param<\"", parameter.name,
                                "\">, but the pattern of its namespaces has no such group; write (?P<",
                                parameter.name, ">...) where it stands in the name"));
}

void check_is_for_messages(Route const& route) {
  for (auto const& parameter : route.handler->piped)
    check_parameter(route, parameter);
  if (route.handler->result == type_id<http::Response>()) refuse_for_messages(route);
}

std::optional<Task<void>> do_nothing(void*, Call&, ReplySink&) {
  return std::nullopt;
}
/// Called when a client of a gateway has come that is made for each of them.
constexpr HandlerDescription makes_object{"constructor", &do_nothing, {},      true,
                                          false,         nullptr,     nullptr, nullptr};

/// Refuses what is there once of a gateway that is made for each client.
void check_is_made_late(GatewayDescription const& gateway) {
  if (!gateway.after_init && gateway.session_expired.empty()) return;
  throw StartError(
      core::concat("aerie: ", gateway.type->name,
                   " is made for each client, as it asks for what each has of its own, but its ",
                   gateway.after_init ? "after_init" : "session_expired",
                   " belongs to none of them; put that in a gateway of the same namespace that is "
                   "there once"));
}

/// `type` if it is made for each client.
void set_module(BoundGateway& gateway, ModuleNode& node, TypeId type) {
  for (auto* const list : {&gateway.routes, &gateway.any, &gateway.unknown, &gateway.connected,
                           &gateway.disconnecting, &gateway.disconnected}) {
    for (auto& route : *list) {
      route.module = &node;
      route.of_connection = type;
      route.needs_object = list == &gateway.disconnecting || list == &gateway.disconnected;
    }
  }
}

void set_pattern(BoundGateway& gateway, std::shared_ptr<Pattern const> const& pattern) {
  for (auto* const list : {&gateway.routes, &gateway.any, &gateway.unknown, &gateway.connected,
                           &gateway.disconnecting, &gateway.disconnected}) {
    for (auto& route : *list)
      route.nsp_pattern = pattern;
  }
  gateway.connection.nsp_pattern = pattern;
}

/// Throws if a handler asks for clients of another adapter.
void check_client(Route const& route, TypeId client) {
  auto const wanted = route.handler->client;
  if (wanted == nullptr || wanted == client) return;
  throw StartError(
      core::concat("aerie: ", route.class_name, "::", route.handler->name, " asks for ", wanted->name,
                   "&, but the clients of this application's WebSocket adapter are ", client->name,
                   "; take that, or an aerie::ExecutionContext&, which fits every adapter"));
}

}  // namespace

void bind_gateway(BoundGateway& bound, Container const& container, ModuleNode& node,
                  ApplicationLayers const& global, TypeId client) {
  auto const& description = *bound.description;
  auto const is_per_connection = container.is_per_connection(node, description.type);
  if (is_per_connection) {
    check_is_made_late(description);
  } else {
    bound.object = node.resolve(description.type);
  }
  RouteBuilder routes(description.type, bound.object, node, global, description.layers, description.metadata);
  auto const add = [&](std::deque<Subscription> const& subscriptions, std::deque<Route>& bound_routes,
                       bool is_of_any_event) {
    for (auto const& subscription : subscriptions) {
      auto& route = bound_routes.emplace_back(
          routes.make(subscription.event, *subscription.handler, subscription.layers, subscription.metadata));
      route.answers_errors = description.answers_errors;
      route.always_acknowledges = description.always_acknowledges || subscription.always_acknowledges;
      route.cancels_on_leave = subscription.cancels_on_leave;
      route.is_of_any_event = is_of_any_event;
    }
  };
  add(description.subscriptions, bound.routes, false);
  add(description.any, bound.any, true);
  add(description.unknown, bound.unknown, true);
  if (is_per_connection) bound.connected.push_back(routes.make_hook("connection", makes_object));
  for (auto const* const handler : description.connected)
    bound.connected.push_back(routes.make_hook("connection", *handler));
  for (auto const* const handler : description.disconnecting)
    bound.disconnecting.push_back(routes.make_hook("disconnecting", *handler));
  for (auto const* const handler : description.disconnected)
    bound.disconnected.push_back(routes.make_hook("disconnect", *handler));
  bound.connection = routes.make_connection_guards();
  set_module(bound, node, is_per_connection ? description.type : nullptr);
  if (!description.pattern.empty()) set_pattern(bound, std::make_shared<Pattern const>(description.pattern));
  bound.each_route([client](Route const& route) {
    check_is_for_messages(route);
    check_client(route, client);
  });
}

}}}  // namespace aerie::v1::gateway
