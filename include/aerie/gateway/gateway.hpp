#pragma once

/// \file
/// Gateways: classes whose member functions are the handlers of a namespace's messages.
///
///     class ChatGateway {
///      public:
///       explicit ChatGateway(ChatService& chat) : chat_(chat) {}
///
///       static void describe(aerie::Gateway<ChatGateway>& g) {
///         g.at("/chat");
///         g.on<&ChatGateway::join>("join").use<RoomGuard>();
///         g.connected<&ChatGateway::opened>();
///       }
///
///      private:
///       Joined join(aerie::Socket& socket, JoinRoom const& request);    // the returned value is the ack
///       void opened(aerie::Socket& socket);
///       ChatService& chat_;
///     };
///
/// https://docs.nestjs.com/websockets/gateways

#include <aerie/core/api.hpp>
#include <aerie/gateway/handler.hpp>
#include <aerie/gateway/idempotent.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/socketio/options.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;
class ParentNamespace;
class Server;

/// The settings of a gateway's server. Those that are not set are the application's, or the defaults of
/// aerie::ServerOptions. Gateways of one port and path share a server: two that set the same thing
/// differently stop the start.
struct GatewayOptions {
  /// A port of its own; without one the application's.
  std::optional<std::uint16_t> port{};
  /// The path of the transport: ServerOptions::path.
  std::optional<std::string> path{};
  /// How clients may connect; see engineio::Options::transports.
  std::optional<std::vector<engineio::TransportKind>> transports{};
  /// Which pages of other origins may connect.
  std::optional<http::CorsOptions> cors{};
  /// How often clients are asked for a sign of life.
  std::optional<core::Milliseconds> ping_interval{};
  /// How long it may take; then they are disconnected.
  std::optional<core::Milliseconds> ping_timeout{};
  /// How long a connection may take to ask for a namespace.
  std::optional<core::Milliseconds> connect_timeout{};
  /// Bytes of one message, or of one request of polling.
  std::optional<std::size_t> max_http_buffer_size{};
  /// Clients whose connection was cut come back as the same socket, see docs/recovery.md:
  /// `.connection_state_recovery = aerie::RecoveryOptions{}`.
  std::optional<RecoveryOptions> connection_state_recovery{};
  /// How its packets are written, which its clients must be told as well; not set: ServerOptions::parser.
  std::shared_ptr<Parser const> parser{};
  /// Any other setting of the Socket.IO server, changed at last: `[](aerie::ServerOptions& options) { ... }`.
  std::function<void(ServerOptions& options)> server{};
};

namespace gateway {

AERIE_API std::optional<Task<void>> throw_unknown(void* object, Call& call, ReplySink& sink);
/// Throws the WsException "Unknown event".
inline constexpr HandlerDescription refuses_unknown{"refuse_unknown", &throw_unknown, {},     true, false,
                                                    nullptr,          nullptr,        nullptr};
/// Throws StartError for a handler whose answer cannot be kept.
AERIE_API void require_keepable(HandlerDescription const& handler, std::string_view event);

/// A message that a gateway handles.
struct Subscription {
  std::string event;
  HandlerDescription const* handler = nullptr;
  Layers layers;
  std::vector<Metadata> metadata;
  bool cancels_on_leave = false;
  bool always_acknowledges = false;
  /// For contracts.
  std::string description = {};
  /// What it is acknowledged with, where it is not what the handler returns.
  TypeOps const* acknowledgement = nullptr;
};

/// What a gateway sends, for contracts.
struct Emission {
  std::string event;
  std::vector<TypeOps const*> arguments;
  /// What a client answers; null if it is not asked.
  TypeOps const* acknowledgement = nullptr;
  std::string description = {};
};

/// Names of errors: those of a described enumeration, or just the names.
struct ErrorCodes {
  EnumTable const& (*table)() = nullptr;
  std::vector<std::string> names = {};
};

/// What a gateway has said of itself. Immutable once described.
struct GatewayDescription {
  TypeId type = nullptr;
  std::string nsp = "/";
  /// A regular expression instead of a name; empty if there is none.
  std::string pattern;
  std::function<GatewayOptions(Resolver&)> options;
  std::deque<Subscription> subscriptions;  // builders keep references into it
  /// Of every message, and of those that have no other handler.
  std::deque<Subscription> any;
  std::deque<Subscription> unknown;
  std::vector<Emission> emissions;
  /// For contracts: what it is, what its clients send as `auth`, which errors they hear of, and what a
  /// message that is refused is acknowledged with.
  std::string description;
  TypeOps const* auth = nullptr;
  std::vector<ErrorCodes> error_codes;
  TypeOps const* refusal = nullptr;
  Layers layers;
  std::vector<Metadata> metadata;
  std::vector<HandlerDescription const*> connected;
  std::vector<HandlerDescription const*> disconnecting;
  std::vector<HandlerDescription const*> disconnected;
  std::vector<void (*)(void* object, ExpiredSession const& session)> session_expired;
  std::function<void(void* object, Server& server, Namespace* nsp, ParentNamespace* parent)> after_init;
  bool answers_errors = false;
  bool always_acknowledges = false;
};

}  // namespace gateway

/// One subscribed message, to say more about it.
class SubscriptionBuilder : public gateway::Layered<SubscriptionBuilder> {
 public:
  /// For the framework; callers use `Gateway::on`.
  explicit SubscriptionBuilder(gateway::Subscription& subscription) : subscription_(subscription) {}
  /// Cancels the handling of a message when its client leaves (`Cancelled` at the next `co_await` of the
  /// handler, or of what is asked before it). Otherwise what has begun runs to its end, and its answer goes
  /// nowhere; a stream ends with its client in any case.
  SubscriptionBuilder& cancel_on_leave() {
    subscription_.cancels_on_leave = true;
    return *this;
  }
  /// Acknowledges the message when its handler has ended without an error, also where it has returned nothing
  /// or an event; then without a value. For clients that send with `retries`, which go on until they are
  /// answered. By default, as with NestJS, only what a handler returns is an answer.
  SubscriptionBuilder& always_acknowledge() {
    subscription_.always_acknowledges = true;
    return *this;
  }
  /// Handles the message once, however often the client sends it: one that has the same id in this property
  /// of its payload gets the answer of the first. See Idempotency, and docs/idempotency.md. Includes
  /// `always_acknowledge`. Throws StartError for a handler that answers by hand or with a stream.
  template <FixedText Property>
  SubscriptionBuilder& idempotent(IdempotencyOptions options = {}) {
    return add_idempotency(
        [](ExecutionContext& context) { return gateway::id_in_payload(context, Property.view()); },
        std::move(options));
  }
  /// The same with an id that is what `static Key::extract(ExecutionContext&)` returns.
  template <class Key>
  SubscriptionBuilder& idempotent(IdempotencyOptions options = {}) {
    return add_idempotency(&gateway::detail::extracted_key<Key>, std::move(options));
  }
  /// What the event is for, in a sentence, for contracts.
  SubscriptionBuilder& description(std::string text) {
    subscription_.description = std::move(text);
    return *this;
  }
  /// What a client is acknowledged with, for contracts, where the handler's return type does not say: it
  /// returns a Value or a Reply, or an interceptor makes something else of it.
  template <class T>
  SubscriptionBuilder& acknowledges() {
    subscription_.acknowledgement = &type_ops<T>;
    return *this;
  }

  /// For the framework: the guards, pipes, interceptors and filters of the handler alone.
  gateway::Layers& layers() noexcept { return subscription_.layers; }
  /// For the framework: what `meta` was told.
  std::vector<gateway::Metadata>& metadata() noexcept { return subscription_.metadata; }

 private:
  AERIE_API SubscriptionBuilder& add_idempotency(Idempotency::KeyOf key_of, IdempotencyOptions options);

  gateway::Subscription& subscription_;
};

/// What a gateway's `describe` is given.
template <class G>
class Gateway : public gateway::Layered<Gateway<G>> {
 public:
  /// For the framework: it fills `description`.
  explicit Gateway(gateway::GatewayDescription& description) : description_(description) {}

  /// The namespace: "/chat". Without it, the main one.
  Gateway& at(std::string nsp) {
    description_.nsp = nsp.starts_with('/') ? std::move(nsp) : "/" + nsp;
    return *this;
  }
  /// Every namespace whose name the expression matches, anywhere in it: anchor it with ^ and $. Syntax: RE2.
  /// What its groups have matched is a parameter of handlers, hooks and guards: `aerie::Param<"room",
  /// std::int64_t>` for `^/rooms/(?P<room>\\d+)$`, `aerie::Param<"1">` for a group without a name.
  Gateway& matching(std::string pattern) {
    description_.pattern = std::move(pattern);
    return *this;
  }
  Gateway& options(GatewayOptions options) {
    description_.options = [options = std::move(options)](gateway::Resolver&) { return options; };
    return *this;
  }
  /// Options made of providers: `g.options([](Config const& c) { return GatewayOptions{...}; })`.
  template <class Factory>
  requires(!std::is_convertible_v<Factory, GatewayOptions>) Gateway& options(Factory factory) {
    description_.options = [factory = std::move(factory)](gateway::Resolver& resolver) mutable {
      return gateway::detail::call_injected(factory, resolver);
    };
    return *this;
  }

  /// Handles an event; the name by default that of the member function. Throws for a reserved name.
  template <auto Member>
  SubscriptionBuilder on(std::string_view event) {
    description_.subscriptions.push_back(
        {std::string(event), &gateway::handler_of<G, Member>, {}, {}, false, false});
    return SubscriptionBuilder(description_.subscriptions.back());
  }
  template <auto Member>
  SubscriptionBuilder on() {
    return on<Member>(name_of<Member>());
  }

  /// Handles every message of the gateway's namespace, before the handlers of its event: for what looks on,
  /// such as a log. It is a handler like any other, with its guards, pipes and filters. What it returns
  /// counts as an answer, of which the first is the acknowledgement: return nothing to only look on.
  template <auto Member>
  SubscriptionBuilder on_any() {
    description_.any.push_back({"*", &gateway::handler_of<G, Member>, {}, {}, false, false});
    return SubscriptionBuilder(description_.any.back());
  }
  /// Handles the messages that nobody in the namespace handles: no gateway, no handler that was added to the
  /// namespace or the socket. Those of `on_any` only look on. `aerie::EventName` has the event's name.
  template <auto Member>
  SubscriptionBuilder on_unknown() {
    return add_unknown(gateway::handler_of<G, Member>);
  }
  /// Answers such messages with the error "Unknown event", as if a handler had thrown that WsException: by
  /// default with the event `exception`, with `answer_errors` as the acknowledgement. Without it, and without
  /// `on_unknown`, they are passed over in silence, as NestJS does.
  Gateway& refuse_unknown() {
    add_unknown(gateway::refuses_unknown);
    return *this;
  }

  /// A client has connected; what is sent from here arrives after its `connect`.
  template <auto Member>
  Gateway& connected() {
    description_.connected.push_back(&gateway::handler_of<G, Member>);
    return *this;
  }
  /// A client is about to leave: its rooms are still there, until the hook's first `co_await` if it is a
  /// task. Called before `disconnected`.
  template <auto Member>
  Gateway& disconnecting() {
    description_.disconnecting.push_back(&gateway::handler_of<G, Member>);
    return *this;
  }
  /// A client has left, one that `connected` has refused included.
  template <auto Member>
  Gateway& disconnected() {
    description_.disconnected.push_back(&gateway::handler_of<G, Member>);
    return *this;
  }
  /// A client that was cut off has not come back while it could have been recovered: its user has left for
  /// good. A member function that takes `aerie::ExpiredSession const&`, which is all that is left of the
  /// socket; called on the shard that had it. After a cut, `disconnected` has only told that the connection
  /// is gone.
  template <auto Member>
  Gateway& session_expired() {
    static_assert(std::is_invocable_r_v<void, decltype(Member), G&, ExpiredSession const&>,
                  "aerie: session_expired takes a member function `void(aerie::ExpiredSession const&)`");
    description_.session_expired.push_back(
        [](void* object, ExpiredSession const& session) { (static_cast<G*>(object)->*Member)(session); });
    return *this;
  }
  /// The server is there; a member function that takes `Namespace&`, `ParentNamespace&` (with `matching`) or
  /// `Server&`.
  template <auto Member>
  Gateway& after_init();

  /// A guard on connections and on every message. Refused means `connect_error` with the guard's WsException
  /// as message, and `{code}` as data; "Forbidden resource" if it just said no.
  template <class T, class... Args>
  Gateway& protect(Args&&... args) {
    auto spec = gateway::layer_spec<T>(std::forward<Args>(args)...);
    static_assert(gateway::detail::IsGuard<T>, "aerie: protect takes a guard");
    spec.on_connection = true;
    description_.layers.push_back(std::move(spec));
    return *this;
  }

  // --- For the contracts that are made of it (docs/contracts.md); nothing here changes what it does

  /// What the gateway is, in a sentence.
  Gateway& description(std::string text) {
    description_.description = std::move(text);
    return *this;
  }
  /// An event that it sends, with arguments of these types.
  template <class... Ts>
  Gateway& emits(std::string_view event, std::string description = {}) {
    description_.emissions.push_back(
        {std::string(event), {&type_ops<Ts>...}, nullptr, std::move(description)});
    return *this;
  }
  /// An event that a client acknowledges with an Answer.
  template <class Answer, class... Ts>
  Gateway& asks(std::string_view event, std::string description = {}) {
    description_.emissions.push_back(
        {std::string(event), {&type_ops<Ts>...}, &type_ops<Answer>, std::move(description)});
    return *this;
  }
  /// What clients send as `auth` when they connect.
  template <class T>
  Gateway& auth() {
    description_.auth = &type_ops<T>;
    return *this;
  }
  /// The codes of errors that its clients may hear of: a described enumeration, or their names.
  template <DescribedEnum E>
  Gateway& error_codes() {
    description_.error_codes.push_back({&enum_table_of<E>, {}});
    return *this;
  }
  Gateway& error_codes(std::vector<std::string> names) {
    description_.error_codes.push_back({nullptr, std::move(names)});
    return *this;
  }
  /// What a message that is refused is acknowledged with, where a filter of this gateway does that. By
  /// default errors are the event `exception`, and with `answer_errors` acknowledgements of that shape.
  template <class T>
  Gateway& refuses_with() {
    description_.refusal = &type_ops<T>;
    return *this;
  }

  // --- Errors

  /// A client that waits for an acknowledgement gets errors as that instead of as `exception`.
  Gateway& answer_errors() {
    description_.answers_errors = true;
    return *this;
  }

  /// SubscriptionBuilder::always_acknowledge for every message of this gateway.
  Gateway& always_acknowledge() {
    description_.always_acknowledges = true;
    return *this;
  }

  /// For the framework: the guards, pipes, interceptors and filters of all its handlers.
  gateway::Layers& layers() noexcept { return description_.layers; }
  /// For the framework: what `meta` was told.
  std::vector<gateway::Metadata>& metadata() noexcept { return description_.metadata; }

 private:
  SubscriptionBuilder add_unknown(gateway::HandlerDescription const& handler) {
    description_.unknown.push_back({"*", &handler, {}, {}, false, false});
    return SubscriptionBuilder(description_.unknown.back());
  }

  gateway::GatewayDescription& description_;
};

namespace gateway {

namespace detail {

AERIE_API Namespace& require(Namespace* nsp);
AERIE_API ParentNamespace& require(ParentNamespace* parent);

template <class G, class C, class R, class P>
void call_after_init(G& object, R (C::*member)(P), Server& server, Namespace* nsp, ParentNamespace* parent) {
  using Wanted = std::remove_cvref_t<P>;
  static_assert(std::is_same_v<Wanted, Server> || std::is_same_v<Wanted, Namespace> ||
                    std::is_same_v<Wanted, ParentNamespace>,
                "aerie: after_init takes aerie::Namespace&, aerie::ParentNamespace& or aerie::Server&");
  if constexpr (std::is_same_v<Wanted, Server>) (object.*member)(server);
  if constexpr (std::is_same_v<Wanted, Namespace>) (object.*member)(require(nsp));
  if constexpr (std::is_same_v<Wanted, ParentNamespace>) (object.*member)(require(parent));
}

}  // namespace detail

template <class G>
std::shared_ptr<GatewayDescription const> describe_gateway() {
  static_assert(
      requires(Gateway<G> & g) { G::describe(g); },
      "aerie: a gateway has a `static void describe(aerie::Gateway<G>& g)`");
  auto description = std::make_shared<GatewayDescription>();
  description->type = type_id<G>();
  Gateway<G> builder(*description);
  G::describe(builder);
  return description;
}

}  // namespace gateway

template <class G>
template <auto Member>
Gateway<G>& Gateway<G>::after_init() {
  description_.after_init = [](void* object, Server& server, Namespace* nsp, ParentNamespace* parent) {
    gateway::detail::call_after_init(*static_cast<G*>(object), Member, server, nsp, parent);
  };
  return *this;
}

}}  // namespace aerie::v1
