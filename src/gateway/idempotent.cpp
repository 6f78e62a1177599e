#include "gateway/idempotency_answer.hpp"
#include "gateway/seat_table.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/idempotent.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/gateway/user_id.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

using Found = IdempotencyStore::Found;
using namespace std::chrono_literals;

constexpr std::size_t longest_key = 256;
// How often another process is asked whether it has answered meanwhile.
constexpr core::Milliseconds first_pause = 20ms;
constexpr core::Milliseconds longest_pause = 500ms;

IdempotencyOptions checked(IdempotencyOptions options) {
  if (options.keep < 1ms || options.lease < 1ms) {
    throw std::invalid_argument(
        "aerie: IdempotencyOptions::keep or lease is less than 1 ms: no message that is sent again would "
        "find the answer of the first; 10 min and 1 min are usual");
  }
  return options;
}

/// With its size before it, so that two lists of parts are the same text only if they are the same.
void append_part(std::string& text, std::string_view part) {
  text += core::concat(std::to_string(part.size()), ":", part);
}

[[noreturn]] void refuse_key(std::string_view name) {
  throw WsException(Value::object(
      {{"status", "error"},
       {"code", "BAD_IDEMPOTENCY_KEY"},
       {"message", core::concat(name, " must be a text of 1 to 256 bytes or a whole number")}}));
}

std::string checked_key(std::string key, std::string_view name) {
  if (key.empty() || key.size() > longest_key) refuse_key(name);
  return key;
}

/// A claim in the store, which goes back unless it was answered: if the handler fails, is cancelled, or is
/// destroyed where it waits.
class HeldClaim {
 public:
  HeldClaim(IdempotencyStore& store, std::string const& key, std::string const& owner)
      : store_(store), key_(key), owner_(owner) {}
  HeldClaim(HeldClaim const&) = delete;
  HeldClaim& operator=(HeldClaim const&) = delete;
  ~HeldClaim() {
    if (!answered_) store_.release(key_, owner_);
  }
  /// The handler has done what it does: from now on it must not be done again for want of an answer.
  void answered() noexcept { answered_ = true; }

 private:
  IdempotencyStore& store_;
  std::string const& key_;
  std::string const& owner_;
  bool answered_ = false;
};

Task<void> keep(IdempotencyStore& store, ExecutionContext& context, std::string const& key,
                std::string const& owner, std::string answer, core::Milliseconds time) {
  std::string trouble;
  try {
    auto const kept = co_await store.keep(key, owner, std::move(answer), time);
    if (!kept) {
      trouble =
          "its claim has ended meanwhile, or the answer is larger than the store allows; make "
          "IdempotencyOptions::lease longer than the handler may take, or the store larger";
    }
  } catch (Cancelled const&) {
    throw;
  } catch (std::exception const& error) {
    trouble = error.what();
  }
  if (trouble.empty()) co_return;
  context.shard().runtime().log().warning(
      "gateway",
      core::concat(
          "the answer of ", context.class_name(), "::", context.handler_name(),
          " could not be kept, so that a message that is sent again may be handled again: ", trouble));
}

}  // namespace

Idempotency::Idempotency(KeyOf key_of, IdempotencyOptions options, IdempotencyStore& store)
    : key_of_(std::move(key_of)),
      options_(checked(std::move(options))),
      store_(store),
      seats_(std::make_unique<gateway::SeatTable>()) {}

Idempotency::~Idempotency() = default;

std::string Idempotency::full_key(ExecutionContext& context, std::string_view key) const {
  auto const user = options_.by ? options_.by(context) : gateway::user_or_client(context);
  auto const* const socket = context.find_socket();
  std::string text;
  append_part(text, context.class_name());
  append_part(text, socket == nullptr ? std::string_view() : socket->nsp().name());
  append_part(text, context.pattern());
  append_part(text, user);
  text += key;
  return text;
}

Task<Reply> Idempotency::intercept(ExecutionContext& context, CallHandler& next) {
  auto const client_key = key_of_(context);
  if (!client_key) co_return co_await next();
  auto const key = full_key(context, *client_key);
  auto const owner = seats_->next_owner();
  std::optional<gateway::Seat> seat;
  while (!(seat = seats_->take(key))) {
    auto left = seats_->wait(key);
    co_await left;
  }
  // From before it is asked for: a store that has not said whether it is ours is told as well.
  HeldClaim held(store_, key, owner);
  auto const claimed = co_await claim(key, owner);
  if (claimed.found == Found::an_answer) {
    held.answered();
    co_return gateway::unpack_answer(claimed.answer);
  }
  auto reply = co_await next();
  // A stream is for the one who has asked for it.
  if (reply.is_stream()) co_return std::move(reply);
  held.answered();
  co_await keep(store_, context, key, owner, gateway::pack_answer(reply), options_.keep);
  co_return std::move(reply);
}

Task<IdempotencyStore::Claim> Idempotency::claim(std::string const& key, std::string const& owner) {
  for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
    auto found = co_await store_.claim(key, owner, options_.lease);
    if (found.found != Found::claim) co_return std::move(found);
    // Another process has it.
    co_await sleep_for(pause);
  }
}

namespace gateway {

std::optional<std::string> id_in_payload(ExecutionContext& context, std::string_view property) {
  auto const& payload = context.payload();
  auto const has_several = context.args().size() > 1;
  auto const& object = has_several && payload.is_array() ? payload[0] : payload;
  auto const& value = object[property];
  if (value.is_undefined() || value.is_null()) return std::nullopt;
  if (auto const text = value.get_if<std::string_view>()) return checked_key(std::string(*text), property);
  if (auto const number = value.get_if<std::int64_t>()) return std::to_string(*number);
  refuse_key(property);
}

Provider detail::MadeOnDemand<IdempotencyStore>::provider() {
  return {type_id<IdempotencyStore>(), type_id<MemoryIdempotencyStore>(), [](Resolver& resolver) {
            auto& runtime = resolver.get<Runtime>();
            std::shared_ptr<IdempotencyStore> store = std::make_shared<MemoryIdempotencyStore>(runtime);
            return Instance{std::move(store), {}};
          }};
}

LayerSpec idempotency_spec(Idempotency::KeyOf key_of, IdempotencyOptions options) {
  return {type_id<Idempotency>(),
          [key_of = std::move(key_of), options = std::move(options)](Resolver& resolver) {
            auto& store = resolver.get<IdempotencyStore>();
            return detail::layer_of(std::make_shared<Idempotency>(key_of, options, store));
          },
          false, detail::kinds_of<Idempotency>};
}

}  // namespace gateway
}}  // namespace aerie::v1
