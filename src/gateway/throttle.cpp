#include "gateway/throttle_table.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/throttle.hpp>

#include <exception>
#include <optional>
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
  if (options_.block < core::Milliseconds{0}) {
    throw std::invalid_argument(
        "aerie: a Throttle cannot block for less than no time; set block to 0 to refuse until the window is "
        "over");
  }
  table_ = std::make_unique<gateway::ThrottleTable>(
      ThrottleLimit{options_.limit, options_.window, options_.block}, options_.max_clients);
}

Throttle::~Throttle() = default;

std::string Throttle::key_of(ExecutionContext& context) const {
  if (options_.by) return options_.by(context);
  if (context.type() == ContextType::ws && !context.is_connecting()) return std::string(context.client_id());
  // No socket's id has a space.
  return core::concat("from ", context.client_address());
}

void Throttle::attach(gateway::Resolver& resolver) {
  if (options_.local) return;
  store_ = std::static_pointer_cast<ThrottleStore>(resolver.find(gateway::type_id<ThrottleStore>()));
  if (store_ == nullptr || !options_.name.empty()) return;
  throw gateway::StartError(
      "aerie: a Throttle is to be counted in a ThrottleStore, but has no name there; give it one "
      "(ThrottleOptions::name), or let it count in this process alone (ThrottleOptions::local)");
}

gateway::MaybeTask<bool> Throttle::can_activate(ExecutionContext& context) {
  auto key = key_of(context);
  if (store_ != nullptr) return ask_store(context, std::move(key));
  count_here(context, key);
  return true;
}

void Throttle::count_here(ExecutionContext& context, std::string const& key) {
  if (auto const wait = table_->count(key, context.shard().now())) refuse(context, *wait);
}

Task<bool> Throttle::ask_store(ExecutionContext& context, std::string key) {
  std::optional<core::Milliseconds> wait;
  std::exception_ptr failure;
  try {
    auto stored = core::concat(options_.name, ":", key);
    ThrottleLimit const limit{options_.limit, options_.window, options_.block};
    wait = co_await store_->count(std::move(stored), limit);
  } catch (Cancelled const&) {
    throw;
  } catch (...) {
    failure = std::current_exception();
  }
  if (failure == nullptr) {
    store_fails_.store(false, std::memory_order_relaxed);
    if (wait) refuse(context, *wait);
    co_return true;
  }
  if (!store_fails_.exchange(true, std::memory_order_relaxed)) {
    context.shard().runtime().log().warning(
        "gateway", core::concat("the throttle ", options_.name,
                                " is counted in this process alone: ", core::describe(failure)));
  }
  count_here(context, key);
  co_return true;
}

std::size_t Throttle::clients() const {
  return table_->size();
}

}}  // namespace aerie::v1
