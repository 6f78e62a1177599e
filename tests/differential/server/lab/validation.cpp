#include "lab/validation.hpp"

#include "shared/http_filter.hpp"
#include "shared/validation.hpp"

#include <vector>

namespace reference::lab {

namespace {

using aerie::ValidationPipe;

/// Tells only which properties are wrong.
aerie::WsException fields_of(std::vector<aerie::ValidationError> const& errors) {
  aerie::Array fields;
  for (auto const& error : errors)
    fields.emplace_back(error.property);
  return aerie::WsException(aerie::Value::object({{"code", "VALIDATION"}, {"fields", fields}}));
}

}  // namespace

void Validation::describe(aerie::Gateway<Validation>& g) {
  g.at("/lab");
  g.on<&Validation::user>("val:http").use<ValidationPipe>({.always_http_exception = true});
  g.on<&Validation::user_and_kind>("val:ws").use<ValidationPipe>({.exception_factory = ws_exception_of});
  g.on<&Validation::user>("val:whitelist")
      .use<ValidationPipe>({.whitelist = true, .exception_factory = ws_exception_of});
  g.on<&Validation::user>("val:forbid")
      .use<ValidationPipe>(
          {.whitelist = true, .forbid_non_whitelisted = true, .exception_factory = ws_exception_of});
  g.on<&Validation::user_and_kind>("val:transform")
      .use<ValidationPipe>({.transform = true, .exception_factory = ws_exception_of});
  g.on<&Validation::user>("val:implicit")
      .use<ValidationPipe>({.enable_implicit_conversion = true, .exception_factory = ws_exception_of});
  g.on<&Validation::user>("val:first")
      .use<ValidationPipe>({.stop_at_first_error = true, .exception_factory = ws_exception_of});
  g.on<&Validation::user>("val:factory").use<ValidationPipe>({.exception_factory = fields_of});
  g.on<&Validation::user_and_kind>("val:none");
  g.on<&Validation::order>("val:nested")
      .use<ValidationPipe>({.whitelist = true, .exception_factory = ws_exception_of});
  g.on<&Validation::order>("val:httpfilter")
      .use<ValidationPipe>({.always_http_exception = true})
      .use<HttpFilter>();
}

aerie::DynamicReply Validation::user(aerie::Payload<UserDto> const& user) {
  return aerie::DynamicReply(user.plain());
}

aerie::Value Validation::user_and_kind(aerie::Payload<UserDto> const& user) {
  return aerie::Value::object({{"d", user.plain()}, {"isDto", user.is_transformed()}});
}

aerie::DynamicReply Validation::order(aerie::Payload<OrderDto> const& order) {
  return aerie::DynamicReply(order.plain());
}

}  // namespace reference::lab
