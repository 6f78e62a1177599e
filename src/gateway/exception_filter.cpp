#include "gateway/validation_failed.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exception_filter.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/schema/value_size.hpp>
#include <aerie/socketio/args.hpp>

namespace aerie { inline namespace v1 {

Value BaseWsExceptionFilter::with_cause(std::string_view message, ExecutionContext const& context) const {
  auto response = Value::object({{"status", "error"}, {"message", message}});
  if (!options_.include_cause) return response;
  auto cause = options_.cause_factory ? options_.cause_factory(context.pattern(), context.payload())
                                      : Value::object({{"pattern", context.pattern()}});
  // The client knows what it has sent: a large payload is not sent back.
  auto const& data = context.payload();
  auto const has_data = !options_.cause_factory && !data.is_undefined() &&
                        value_size(data, options_.max_cause_data) <= options_.max_cause_data;
  if (has_data) cause.as_object().set("data", data);
  response.as_object().set("cause", std::move(cause));
  return response;
}

Value BaseWsExceptionFilter::response(std::exception_ptr const& error,
                                      ExecutionContext const& context) const {
  try {
    std::rethrow_exception(error);
  } catch (WsException const& known) {
    return known.error().is_string() ? with_cause(known.error().as_string(), context) : known.error();
  } catch (BadArguments const& known) {
    // The same as where a rule has refused it.
    return gateway::validation_failed(gateway::list_of({known.what()}));
  } catch (...) {
    context.shard().runtime().log().error(
        "gateway", core::concat(context.class_name(), ".", context.handler_name(), " has failed on \"",
                                context.pattern(), "\": ", core::describe(error)));
    return with_cause("Internal server error", context);
  }
}

void BaseWsExceptionFilter::on_exception(std::exception_ptr const& error, ExecutionContext& context) const {
  auto const sent = response(error, context);
  if (context.route().answers_errors && context.ack()) {
    context.ack()(sent);
  } else {
    context.emit("exception", sent);
  }
}

}}  // namespace aerie::v1
