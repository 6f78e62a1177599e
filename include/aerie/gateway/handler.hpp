#pragma once

/// \file
/// Member functions as handlers: one small function per handler is compiled, everything around it is data.

#include <aerie/core/api.hpp>
#include <aerie/core/generator.hpp>
#include <aerie/core/task.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/gateway/reply.hpp>
#include <aerie/http/response.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/name.hpp>
#include <aerie/socketio/callable.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

/// Where a handler puts what it answers.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  virtual void value(EncodableRef value) = 0;
  virtual void event(std::string_view name, EncodableRef data) = 0;
  virtual void item(ReplyItem item) = 0;
  virtual void stream(Generator<ReplyItem> stream) = 0;
  virtual void reply(Reply reply) = 0;
  virtual void response(http::Response response) = 0;
};

/// What kind of answer a handler gives.
enum class AnswerKind : std::uint8_t {
  nothing,
  value,    ///< The acknowledgement, or a request's body.
  event,    ///< An Event: emitted.
  dynamic,  ///< Whatever: only known when it is there.
};

/// What contracts tell of a handler's answers. Lives as long as the program.
struct AnswerDescription {
  AnswerKind kind = AnswerKind::nothing;
  /// Of a value or an event's data.
  TypeOps const* type = nullptr;
  /// What a handler that takes an Ack acknowledges with, argument by argument.
  std::span<TypeOps const* const> by_hand = {};
  /// It takes the arguments undecoded, whatever they are.
  bool takes_any_arguments = false;
};

/// A handler of any signature as data. Lives as long as the program.
struct HandlerDescription {
  std::string_view name;
  /// Runs it on `object`. The task, if there is one, has to be awaited before the call is over.
  std::optional<Task<void>> (*invoke)(void* object, Call& call, ReplySink& sink);
  /// Its parameters that pass pipes.
  std::span<PipedParameter const> piped;
  /// Answers now, not in a task or as a stream.
  bool answers_at_once;
  /// Takes an Ack: what it returns is never the acknowledgement.
  bool answers_by_hand;
  /// The type of client that it asks for (Socket, an adapter's own, http::Request), or null.
  TypeId client;
  /// What it takes and returns, for contracts: null where it does not or where it is not a type of data.
  TypeId payload;
  TypeId result;
  /// It takes files of a form.
  bool takes_files = false;
  /// Answers with a stream.
  bool streams = false;
  /// Null where nothing is known.
  AnswerDescription const* answer = nullptr;
};

namespace detail {

template <class T>
inline constexpr bool is_event = false;
template <class T>
inline constexpr bool is_event<Event<T>> = true;
template <class T>
inline constexpr bool is_generator = false;
template <class T>
inline constexpr bool is_generator<Generator<T>> = true;

template <class T>
ReplyItem to_item(T&& value) {
  using Plain = std::remove_cvref_t<T>;
  if constexpr (std::is_constructible_v<ReplyItem, T&&>) {
    return ReplyItem(std::forward<T>(value));
  } else {
    static_assert(!std::is_same_v<Plain, Reply>);
    return ReplyItem(aerie::to_value(value));
  }
}

template <class T>
Generator<ReplyItem> items_of(Generator<T> values) {
  while (auto value = co_await values.next()) {
    auto item = to_item(std::move(*value));
    co_yield std::move(item);
  }
}

template <class R>
void put(R&& result, ReplySink& sink) {
  using Plain = std::remove_cvref_t<R>;
  if constexpr (is_event<Plain>) {
    sink.event(result.name, result.data);
  } else if constexpr (std::is_same_v<Plain, DynamicReply> || std::is_same_v<Plain, ReplyItem>) {
    sink.item(ReplyItem(std::forward<R>(result)));
  } else if constexpr (std::is_same_v<Plain, Reply>) {
    sink.reply(std::forward<R>(result));
  } else if constexpr (std::is_same_v<Plain, http::Response>) {
    sink.response(std::forward<R>(result));
  } else if constexpr (std::is_same_v<Plain, Generator<http::ServerSentEvent>>) {
    sink.response(http::Response::events(std::forward<R>(result)));
  } else if constexpr (std::is_same_v<Plain, Generator<ReplyItem>>) {
    sink.stream(std::forward<R>(result));
  } else if constexpr (is_generator<Plain>) {
    sink.stream(items_of(std::forward<R>(result)));
  } else {
    static_assert(
        Encodable<Plain>,
        "aerie: what this handler returns cannot be sent: return a described type (give it a `static void "
        "describe(aerie::Schema<T>&)`), an aerie::Event, a Task or Generator of these, or void");
    if constexpr (std::is_same_v<Plain, Value>) {
      // A null is no answer, as in JavaScript; interceptors see that it is one.
      if (result.is_null()) return sink.item(ReplyItem(Value(nullptr)));
    }
    if constexpr (Encodable<Plain>) sink.value(EncodableRef(result));
  }
}

template <class P>
using KeptBy = typename RouteParameter<P>::Kept;

using socketio::Passed;

// Puts in the type of client that the parameter asks for. No pointer is compared with null: under
// -fsanitize=undefined g++ 12 does not take that for a constant.
template <class P>
constexpr void find_client(TypeId& found) {
  if constexpr (Takes<P, Socket> || Takes<P, Handshake> || Takes<P, Namespace>) {
    found = type_id<Socket>();
  } else if constexpr (Takes<P, http::Request>) {
    found = type_id<http::Request>();
  } else if constexpr (requires { RouteParameter<P>::client(); }) {
    found = RouteParameter<P>::client();
  }
}

template <class T>
struct Unwrapped {
  using Type = T;
};
template <class T>
struct Unwrapped<Task<T>> : Unwrapped<T> {};
template <class T>
struct Unwrapped<Generator<T>> : Unwrapped<T> {};
template <class T>
struct Unwrapped<Event<T>> : Unwrapped<T> {};
template <>
struct Unwrapped<http::ServerSentEvent> {
  using Type = http::Response;  // what it is sent as
};
template <class T, class... Pipes>
struct Unwrapped<Payload<T, Pipes...>> : Unwrapped<T> {};

// The parameters of one call, from extraction to the end of the handler. A plain struct of slots: std::tuple
// would take a third of the compile time of a gateway.
template <std::size_t Index, class T>
struct Slot {
  T value;
};

// The part of an object that a member belongs to, which may be a base. g++ 12 takes a call of a base's member
// through a pointer for type punning where it converts the object itself (-Wstrict-aliasing).
template <class G, class Member, class Owner>
constexpr Owner& owner_of(G& object, Member Owner::*) noexcept {
  return static_cast<Owner&>(object);
}

template <class Indices, class... Ps>
class Slots;
template <std::size_t... Index, class... Ps>
class Slots<std::index_sequence<Index...>, Ps...> : private Slot<Index, KeptBy<Ps>>... {
 public:
  explicit Slots([[maybe_unused]] Call& call)
      : Slot<Index, KeptBy<Ps>>{RouteParameter<Ps>::make(call, piped_before(Index))}... {}

  template <auto Member, class R, class G>
  R pass_to(G& object) {
    auto& owner = owner_of(object, Member);
    return (owner.*Member)(static_cast<Passed<Ps>>(static_cast<Slot<Index, KeptBy<Ps>>&>(*this).value)...);
  }

 private:
  static constexpr std::size_t piped_before(std::size_t position) {
    constexpr std::size_t counts[] = {piped_count<Ps>..., 0};
    std::size_t index = 0;
    for (std::size_t i = 0; i < position; ++i)
      index += counts[i];
    return index;
  }
};

/// All that is compiled for one handler.
template <class G, class R, class... Ps>
struct Thunk {
  static_assert((RouteParameter<Ps>::is_payload + ... + 0) <= 1,
                "aerie: this handler takes the payload twice: one parameter may be the payload; take single "
                "properties with aerie::Body<\"name\", T>, single arguments with aerie::Arguments<A, B>");

  using Kept = Slots<std::index_sequence_for<Ps...>, Ps...>;
  using Answer = typename socketio::TaskTraits<R>::Value;
  static constexpr bool is_task = socketio::TaskTraits<R>::is_task;
  static constexpr std::size_t all_piped = (piped_count<Ps> + ... + 0);

  template <auto Member>
  static std::optional<Task<void>> invoke(void* object, Call& call, ReplySink& sink) {
    auto& self = *static_cast<G*>(object);
    if constexpr (is_task && is_generator<Answer>) {
      return run_to_stream<Member>(self, std::make_unique<Kept>(call), sink);
    } else if constexpr (is_task) {
      return run<Member>(self, Kept(call), sink);
    } else if constexpr (is_generator<R>) {
      auto kept = std::make_unique<Kept>(call);
      auto values = kept->template pass_to<Member, R>(self);
      put(keeping(std::move(kept), std::move(values)), sink);
      return std::nullopt;
    } else {
      Kept kept(call);
      if constexpr (std::is_void_v<R>) {
        kept.template pass_to<Member, R>(self);
        sink.item(ReplyItem());
      } else {
        put(kept.template pass_to<Member, R>(self), sink);
      }
      return std::nullopt;
    }
  }

  static constexpr std::array<PipedParameter, all_piped> piped() {
    std::array<PipedParameter, all_piped> all{};
    [[maybe_unused]] std::size_t next = 0;
    (add<Ps>(all, next), ...);
    return all;
  }
  static constexpr std::array<PipedParameter, all_piped> piped_parameters = piped();

  static constexpr TypeId client() {
    TypeId found = nullptr;
    (find_client<Ps>(found), ...);
    return found;
  }
  static constexpr TypeId payload() {
    TypeId found = nullptr;
    ((found = RouteParameter<Ps>::is_payload ? type_id<typename Unwrapped<std::remove_cvref_t<Ps>>::Type>()
                                             : found),
     ...);
    return found;
  }

 private:
  template <class P, std::size_t N>
  static constexpr void add(std::array<PipedParameter, N>& all, std::size_t& next) {
    for (auto const& each : RouteParameter<P>::piped)
      all[next++] = each;
  }

  template <auto Member>
  static Task<void> run(G& self, Kept kept, ReplySink& sink) {
    if constexpr (std::is_void_v<Answer>) {
      co_await kept.template pass_to<Member, R>(self);
      sink.item(ReplyItem());
    } else {
      auto answer = co_await kept.template pass_to<Member, R>(self);
      put(std::move(answer), sink);
    }
  }

  // A stream refers to its parameters until its end, long after the handler has returned it.
  template <class Stream>
  static Stream keeping(std::unique_ptr<Kept> kept, Stream values) {
    static_cast<void>(kept);
    while (auto value = co_await values.next()) {
      if constexpr (core::may_be_temporary<std::remove_cvref_t<decltype(*value)>>) {
        co_yield std::move(*value);
      } else {
        co_yield *value;
      }
    }
  }

  template <auto Member>
  static Task<void> run_to_stream(G& self, std::unique_ptr<Kept> kept, ReplySink& sink) {
    auto values = co_await kept->template pass_to<Member, R>(self);
    auto stream = keeping(std::move(kept), std::move(values));
    put(std::move(stream), sink);
  }
};

template <class R>
struct Answered {
  static constexpr AnswerKind kind = is_event<R>                                 ? AnswerKind::event
                                     : Encodable<R> && !std::is_same_v<R, Value> ? AnswerKind::value
                                                                                 : AnswerKind::dynamic;
  static constexpr TypeOps const* type() {
    if constexpr (is_event<R>) {
      return &type_ops<decltype(R::data)>;
    } else if constexpr (kind == AnswerKind::value) {
      return &type_ops<R>;
    } else {
      return nullptr;
    }
  }
};
template <>
struct Answered<void> {
  static constexpr AnswerKind kind = AnswerKind::nothing;
  static constexpr TypeOps const* type() { return nullptr; }
};
template <class R>
struct Answered<Task<R>> : Answered<R> {};
template <class R>
struct Answered<Generator<R>> : Answered<R> {};

// The types of the first Ack among the parameters.
template <class P>
inline constexpr std::array<TypeOps const*, 0> acknowledged_types{};
template <class... Ts>
inline constexpr std::array<TypeOps const*, sizeof...(Ts)> acknowledged_types<Ack<Ts...>>{&type_ops<Ts>...};

template <class R, class... Ps>
inline constexpr AnswerDescription answer_description = [] {
  AnswerDescription answer{.kind = Answered<R>::kind, .type = Answered<R>::type()};
  ((answer.by_hand = answer.by_hand.empty()
                         ? std::span<TypeOps const* const>(acknowledged_types<std::remove_cvref_t<Ps>>)
                         : answer.by_hand),
   ...);
  answer.takes_any_arguments = (Takes<Ps, Args> || ... || false);
  return answer;
}();

template <class Member>
struct MemberTraits {
  static_assert(std::is_member_function_pointer_v<Member>,
                "aerie: a handler is a member function of the gateway: g.on<&ChatGateway::join>(\"join\")");
};
template <class R, class C, class... Ps>
struct MemberTraits<R (C::*)(Ps...)> {
  using Class = C;
  template <class G>
  using Thunk = detail::Thunk<G, R, Ps...>;
  static constexpr bool waits =
      socketio::TaskTraits<R>::is_task || is_generator<R> || std::is_same_v<R, Reply>;
  static constexpr bool streams = is_generator<R> || is_generator<typename socketio::TaskTraits<R>::Value>;
  static constexpr bool has_files = (is_file<std::remove_cvref_t<Ps>> || ... || false);
  static constexpr bool has_ack = (socketio::is_ack<std::remove_cvref_t<Ps>> || ... || false);
  static constexpr AnswerDescription const& answer() { return answer_description<R, Ps...>; }
  using Result = R;
};
template <class R, class C, class... Ps>
struct MemberTraits<R (C::*)(Ps...) const> : MemberTraits<R (C::*)(Ps...)> {};
template <class R, class C, class... Ps>
struct MemberTraits<R (C::*)(Ps...) noexcept> : MemberTraits<R (C::*)(Ps...)> {};
template <class R, class C, class... Ps>
struct MemberTraits<R (C::*)(Ps...) const noexcept> : MemberTraits<R (C::*)(Ps...)> {};

template <class T>
constexpr TypeId data_type() {
  using Plain = typename Unwrapped<T>::Type;
  if constexpr (std::is_void_v<Plain>) {
    return nullptr;
  } else {
    return type_id<Plain>();
  }
}

}  // namespace detail

/// The handler that is the member function `Member` of G.
template <class G, auto Member>
inline constexpr HandlerDescription handler_of = [] {
  using Traits = detail::MemberTraits<decltype(Member)>;
  static_assert(std::is_base_of_v<typename Traits::Class, G>, "aerie: this handler belongs to another class");
  using Thunk = typename Traits::template Thunk<G>;
  return HandlerDescription{name_of<Member>(),       &Thunk::template invoke<Member>,
                            Thunk::piped_parameters, !Traits::waits,
                            Traits::has_ack,         Thunk::client(),
                            Thunk::payload(),        detail::data_type<typename Traits::Result>(),
                            Traits::has_files,       Traits::streams,
                            &Traits::answer()};
}();

}}}  // namespace aerie::v1::gateway
