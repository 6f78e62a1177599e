#pragma once

/// \file
/// Messages that are handled once, however often a client sends them: the client gives each an id of its own
/// making, and one with the same id gets the answer of the first.
///
///     g.on<&OrdersGateway::place>("placeOrder").idempotent<"orderId">();
///     g.on<&OrdersGateway::pay>("pay").idempotent<"paymentId">({.keep = 24h, .by =
///     &aerie::id_of_user<User>});
///
/// See docs/idempotency.md.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/reply.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/socketio/idempotency_store.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

namespace gateway {
class SeatTable;
}

/// How long answers are kept, and for whom.
struct AERIE_API IdempotencyOptions {
  /// How long an answer is kept: longer than a client may go on sending the message, that is `retries` times
  /// `ackTimeout`, and the time that it may be away. At least 1 ms.
  core::Milliseconds keep = std::chrono::minutes{10};
  /// Longer than the handler may take. If the server that runs it is killed, the message is handled anew when
  /// this time is over, and waits until then. At least 1 ms.
  core::Milliseconds lease = std::chrono::minutes{1};
  /// Whose message it is: two users may choose the same id. By default the user (UserId, or the subject of
  /// the token), or else the socket, which stays the same when its session is recovered. Called on the
  /// client's shard, after the guards.
  std::function<std::string(ExecutionContext& context)> by = {};
};

/// The interceptor that does it; SubscriptionBuilder::idempotent makes one. Thread contract: used by all
/// shards.
///
/// - An answer that the handler has given is kept, and every later message with that id of that user gets it.
/// - While the first one is under way, others wait for its answer.
/// - A handler that has failed has not answered: the next message with that id is handled.
/// - A message without an id is handled as any other.
class AERIE_API Idempotency {
 public:
  /// The id in a message; nothing if there is none. Throws WsException for what can be none.
  using KeyOf = std::function<std::optional<std::string>(ExecutionContext& context)>;

  /// `store` must outlive it. Throws std::invalid_argument for impossible options.
  Idempotency(KeyOf key_of, IdempotencyOptions options, IdempotencyStore& store);
  ~Idempotency();

  Task<Reply> intercept(ExecutionContext& context, CallHandler& next);

 private:
  std::string full_key(ExecutionContext& context, std::string_view key) const;
  Task<IdempotencyStore::Claim> claim(std::string const& key, std::string const& owner);

  KeyOf key_of_;
  IdempotencyOptions options_;
  IdempotencyStore& store_;
  core::Owned<gateway::SeatTable> seats_;
};

namespace gateway {

/// The id that is a property of the payload, or of the first of several arguments: a text of 1 to 256 bytes
/// or a whole number. Nothing if it is missing or null.
AERIE_API std::optional<std::string> id_in_payload(ExecutionContext& context, std::string_view property);

namespace detail {

/// What `Key::extract` has found: a text or a whole number, or nothing.
template <class Key>
std::optional<std::string> extracted_key(ExecutionContext& context) {
  auto found = Key::extract(context);
  using Found = std::remove_cvref_t<decltype(found)>;
  if constexpr (std::integral<Found>) {
    return std::to_string(found);
  } else {
    static_assert(std::convertible_to<Found, std::optional<std::string>>,
                  "aerie: the key of `idempotent` has a `static extract(aerie::ExecutionContext&)` that "
                  "returns a std::string, a whole number or a std::optional<std::string>");
    return found;
  }
}

/// Where no module provides a store, the application has one in its memory.
template <>
inline constexpr bool is_made_on_demand<IdempotencyStore> = true;

template <>
struct MadeOnDemand<IdempotencyStore> {
  static Provider provider();
};

}  // namespace detail

AERIE_API LayerSpec idempotency_spec(Idempotency::KeyOf key_of, IdempotencyOptions options);

}  // namespace gateway
}}  // namespace aerie::v1
