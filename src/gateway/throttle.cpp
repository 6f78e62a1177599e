#include "gateway/throttle_table.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/throttle.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

constexpr std::string_view too_many = "Too Many Requests";
constexpr std::string_view code = "TOO_MANY_REQUESTS";

[[noreturn]] void refuse(ExecutionContext& context, core::Milliseconds wait) {
  if (context.type() == ContextType::ws) {
    throw WsException(Value::object(
        {{"status", "error"}, {"code", code}, {"message", too_many}, {"retryAfter", wait.count()}}));
  }
  auto const seconds = std::chrono::ceil<std::chrono::seconds>(wait);
  context.set_header("Retry-After", std::to_string(seconds.count()));
  throw TooManyRequestsException(Value::object(
      {{"message", too_many}, {"code", code}, {"retryAfter", wait.count()}, {"statusCode", 429}}));
}

}  // namespace

Throttle::Throttle(std::size_t limit, core::Milliseconds window)
    : Throttle(Options{.limit = limit, .window = window}) {}

Throttle::Throttle(Options options) : options_(std::move(options)) {
  if (options_.limit == 0 || options_.window <= core::Milliseconds{0}) {
    throw std::invalid_argument(
        "aerie: a Throttle with a limit or window of nothing lets nobody through; set limit and window to "
        "more than 0");
  }
  table_ = std::make_unique<gateway::ThrottleTable>(options_.limit, options_.window, options_.max_clients);
}

Throttle::~Throttle() = default;

std::string Throttle::key_of(ExecutionContext& context) const {
  if (options_.by) return options_.by(context);
  if (context.type() == ContextType::ws && !context.is_connecting()) return std::string(context.client_id());
  // No socket's id has a space.
  return core::concat("from ", context.client_address());
}

bool Throttle::can_activate(ExecutionContext& context) {
  if (auto const wait = table_->count(key_of(context), context.shard().now())) refuse(context, *wait);
  return true;
}

std::size_t Throttle::clients() const {
  return table_->size();
}

}}  // namespace aerie::v1
