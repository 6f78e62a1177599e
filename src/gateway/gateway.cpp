#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/gateway.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

namespace gateway {

std::optional<Task<void>> throw_unknown(void*, Call&, ReplySink&) {
  throw WsException("Unknown event");
}

void require_keepable(HandlerDescription const& handler, std::string_view event) {
  if (!handler.answers_by_hand && !handler.streams) return;
  throw StartError(core::concat("aerie: the handler ", handler.name, " of \"", event,
                                "\" is idempotent, but ",
                                handler.streams ? "answers with a stream" : "takes an aerie::Ack",
                                ": only an answer that it returns can be kept; return it, from a "
                                "task if it takes time"));
}

}  // namespace gateway

SubscriptionBuilder& SubscriptionBuilder::add_idempotency(Idempotency::KeyOf key_of,
                                                          IdempotencyOptions options) {
  gateway::require_keepable(*subscription_.handler, subscription_.event);
  meta(options);
  subscription_.layers.push_back(gateway::idempotency_spec(std::move(key_of), std::move(options)));
  return always_acknowledge();
}

}}  // namespace aerie::v1
