#pragma once

/// \file
/// What a handler may ask for. A parameter whose type says where it comes from is extracted:
///
///     Socket&, WsClient&                 the client, of the adapter in use
///     Ack<...>                           the acknowledgement, to be answered by hand
///     Handshake const&, Namespace&, Args const&, DisconnectReason, ExecutionContext&
///     Body<"name", T, Pipes...>          a property of the payload
///     Payload<T, Pipes...>               the payload, as a T or as the plain value it came as
///     Arguments<A, B>                    the message's arguments, kept apart
///     Param<"id", T>, Query<"page", T>, Header<"x-name", T>, http::Request const&    of a request
///     User const&                        any type with `static User const& extract(ExecutionContext&)`
///     Custom<Locale, T, Pipes...>        what `Locale::extract` returns, behind the pipes, as a T
///
/// One other parameter is the payload, decoded.

#include <aerie/core/api.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/extract.hpp>
#include <aerie/socketio/handler.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

/// A text as a template argument: `Body<"name", std::string>`.
template <std::size_t Size>
struct FixedText {
  /// From a literal.
  consteval FixedText(char const (&text)[Size]) { std::copy_n(text, Size, chars); }
  /// Without the null at its end.
  constexpr std::string_view view() const { return {chars, Size - 1}; }
  /// With the null at its end.
  char chars[Size];
};

/// A value that was taken out of the message or request. As `*value`, `value->member`, `value.value()`.
template <class T>
class Extracted {
 public:
  /// For the framework, or to call a handler in a test.
  explicit Extracted(T value) : value_(std::move(value)) {}
  /// The value.
  T& value() noexcept { return value_; }
  T const& value() const noexcept { return value_; }
  T const& operator*() const noexcept { return value_; }
  T const* operator->() const noexcept { return &value_; }

 private:
  T value_;
};

/// A property of the payload (or of a request's body).
template <FixedText Name, class T = Value, class... Pipes>
class Body : public Extracted<T> {
 public:
  using Extracted<T>::Extracted;
};
/// A parameter of the route's path (of a gateway: a group of its namespaces' pattern), of the query, a
/// header. A number or a bool is read from its text. A list takes all parameters of that name, one as a list
/// of one, or the elements of the header. With an empty name it is all of them, as an object: `Query<"",
/// Search>`.
template <FixedText Name, class T = std::string, class... Pipes>
class Param : public Extracted<T> {
 public:
  using Extracted<T>::Extracted;
};
/// A parameter of the query; see Param.
template <FixedText Name, class T = std::optional<std::string>, class... Pipes>
class Query : public Extracted<T> {
 public:
  using Extracted<T>::Extracted;
};
/// A header of the request, or of a client's handshake; see Param.
template <FixedText Name, class T = std::optional<std::string>, class... Pipes>
class Header : public Extracted<T> {
 public:
  using Extracted<T>::Extracted;
};

/// The name of the message's event, for handlers of several (`on_any`, `on_unknown`).
struct AERIE_API EventName {
  /// As the client has named it.
  std::string name;
  static EventName extract(ExecutionContext& context) { return {std::string(context.pattern())}; }
};

namespace gateway {
/// The file of a form's field. Throws BadRequestException if there is none.
AERIE_API http::MultipartPart const& file_of(ExecutionContext const& context, std::string_view field);
/// All files of a field; with an empty name all there are.
AERIE_API std::vector<http::MultipartPart const*> files_of(ExecutionContext const& context,
                                                           std::string_view field);
}  // namespace gateway

/// A file of a form, of the field of that name: `avatar->content`, `co_await avatar->save_to(path)`. A
/// request without it is answered 400. It belongs to the request. See ControllerRouteBuilder::multipart.
template <FixedText Name>
class File {
 public:
  /// For the framework. `part` must outlive it.
  explicit File(http::MultipartPart const& part) : part_(&part) {}
  http::MultipartPart const& operator*() const noexcept { return *part_; }
  http::MultipartPart const* operator->() const noexcept { return part_; }
  static File extract(ExecutionContext& context) { return File(gateway::file_of(context, Name.view())); }

 private:
  http::MultipartPart const* part_;
};

/// The files of that field, in their order, if any; without a name all files of the form.
template <FixedText Name = "">
class Files {
 public:
  /// For the framework. The parts must outlive it.
  explicit Files(std::vector<http::MultipartPart const*> parts) : parts_(std::move(parts)) {}
  bool empty() const noexcept { return parts_.empty(); }
  std::size_t size() const noexcept { return parts_.size(); }
  http::MultipartPart const& operator[](std::size_t index) const noexcept { return *parts_[index]; }
  auto begin() const noexcept { return parts_.begin(); }
  auto end() const noexcept { return parts_.end(); }
  static Files extract(ExecutionContext& context) { return Files(gateway::files_of(context, Name.view())); }

 private:
  std::vector<http::MultipartPart const*> parts_;
};

/// A value of the application's own making, which passes pipes as the payload does: `Source` has a
/// `static extract(ExecutionContext&)` that returns a Value or whatever can be one. What needs no pipes has
/// its own `extract` and is taken as it is.
template <class Source, class T = Value, class... Pipes>
class Custom : public Extracted<T> {
 public:
  using Extracted<T>::Extracted;
};

/// The payload as the plain value that pipes have made of it, decoded only when it is asked for as a T.
template <class T, class... Pipes>
class Payload {
 public:
  /// For the framework, or to call a handler in a test.
  Payload(Value plain, bool transformed) : plain_(std::move(plain)), transformed_(transformed) {}

  /// The payload as pipes have left it.
  Value const& plain() const noexcept { return plain_; }
  /// Throws BadArguments if it is no T.
  T value() const;
  /// True if a ValidationPipe with `transform` has made sure that it is a T.
  bool is_transformed() const noexcept { return transformed_; }

 private:
  Value plain_;
  bool transformed_;
};

/// The arguments of a message, each decoded. One that is missing is refused, unless its type may be absent.
template <class... Ts>
struct Arguments {
  /// In the order of the message.
  std::tuple<Ts...> values;
  /// For structured bindings.
  template <std::size_t Index>
  auto const& get() const noexcept {
    return std::get<Index>(values);
  }
};

namespace gateway {

/// A value that is taken out of the payload, query or path, or made, and so passes the pipes.
struct PipedParameter {
  ArgumentSource source = ArgumentSource::body;
  /// Empty: all of it.
  std::string_view name = {};
  /// What it is to become.
  TypeOps const* type = nullptr;
  /// The pipes of this parameter alone.
  std::vector<LayerSpec> (*pipes)() = nullptr;
  /// Of a custom parameter.
  Value (*extract)(ExecutionContext& context) = nullptr;
  /// One of the message's arguments alone, instead of the payload.
  std::optional<std::size_t> argument = std::nullopt;
  /// The handler sees nothing of the payload but a `type` that is read from it.
  bool is_read_at_once = false;
};

/// What the handler's own part of a call works with.
struct Call {
  ExecutionContext& context;
  /// The values of the handler's piped parameters, in order, where pipes have been at work; empty otherwise:
  /// then each is decoded right from the message, which pipes may have let pass as it stands.
  std::span<Value> piped;
  bool transformed = false;
  /// There are pipes, and they have let the payload pass as it stands.
  bool passed = false;
};

}  // namespace gateway

/// Where a gateway's handlers are called from.
template <>
struct socketio::SourceOf<gateway::Call> {
  using Call = gateway::Call;
  static Socket& socket(Call const& call) { return call.context.socket(); }
  static Args const& args(Call const& call) { return call.context.args(); }
  static DisconnectReason reason(Call const& call) { return call.context.disconnect_reason(); }
  static DisconnectDescription description(Call const& call) {
    return {std::string(call.context.disconnect_description())};
  }
  static AckHandle ack(Call const& call) { return call.context.ack_handle(); }
};

namespace gateway {

/// Reads a value into a type. Throws BadArguments that names the property.
AERIE_API void read_value(Value const& source, TypeOps const& ops, void* value, std::string_view name);
/// Reads the payload, without a tree in between where the message has one argument. Throws BadArguments, as
/// of a value behind pipes where there are any.
AERIE_API void read_payload(Call& call, PipedParameter const& parameter, void* value);
/// The value that a piped parameter begins with.
AERIE_API Value source_value(ExecutionContext& context, PipedParameter const& parameter);
/// Reads the piped parameter `index`, which is not the payload. What comes from a path, query, header or form
/// is text, and becomes what the type wants (gateway/text_values.hpp). Throws BadArguments.
AERIE_API void read_piped(Call& call, std::size_t index, PipedParameter const& parameter, void* value);
/// Reads the message's argument `argument`, which is the piped parameter `index` and has passed pipes. Throws
/// BadArguments.
AERIE_API void read_argument(Call& call, std::size_t index, std::size_t argument, TypeOps const& ops,
                             void* value);

template <class T>
T read_value_as(Value const& source, std::string_view name) {
  static_assert(aerie::detail::require_decodable<T>());
  T value{};
  read_value(source, type_ops<T>, &value, name);
  return value;
}

namespace detail {

template <class... Pipes>
std::vector<LayerSpec> pipe_specs() {
  static_assert((IsPipe<Pipes> && ...), "aerie: a pipe has transform(Value)");
  return {layer_spec<Pipes>()...};
}

template <class... Pipes>
constexpr auto own_pipes() -> std::vector<LayerSpec> (*)() {
  if constexpr (sizeof...(Pipes) == 0) {
    return nullptr;
  } else {
    return &pipe_specs<Pipes...>;
  }
}

// --- How each kind of parameter is made. `Kept` is what lives as long as the call.

template <class P>
concept Extractable = requires(ExecutionContext& context) {
  std::remove_cvref_t<P>::extract(context);
};

template <class P>
struct RouteParameter {
  using Kept = socketio::KeptValue<P>;
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "aerie: a handler takes the payload by value or by const reference; only what is extracted "
                "(aerie::Socket&, aerie::ExecutionContext& ...) is taken by reference");
  static_assert(!std::is_pointer_v<std::remove_cvref_t<P>>,
                "aerie: a handler cannot take a pointer; take a described type or std::string");
  static constexpr bool is_payload = true;
  static constexpr std::array<PipedParameter, 1> piped{
      PipedParameter{.type = &type_ops<Kept>, .is_read_at_once = true}};

  static Kept make(Call& call, std::size_t index) {
    static_assert(aerie::detail::require_decodable<Kept>());
    Kept value{};
    if (call.piped.empty()) {
      read_payload(call, piped[0], &value);
    } else {
      read_value(call.piped[index], type_ops<Kept>, &value, {});
    }
    return value;
  }
};

using socketio::Takes;

struct NotPiped {
  static constexpr bool is_payload = false;
  static constexpr std::array<PipedParameter, 0> piped{};
};

template <socketio::IsGiven P>
struct RouteParameter<P> : NotPiped {
  using Kept = typename socketio::Given<P>::Kept;
  static Kept make(Call& call, std::size_t) {
    return static_cast<Kept>(socketio::Given<P>::from(std::as_const(call)));
  }
};
template <Takes<ExecutionContext> P>
struct RouteParameter<P> : NotPiped {
  using Kept = ExecutionContext&;
  static Kept make(Call& call, std::size_t) { return call.context; }
};
AERIE_API Namespace& namespace_of(ExecutionContext const& context);
template <Takes<Namespace> P>
struct RouteParameter<P> : NotPiped {
  using Kept = Namespace&;
  static Kept make(Call& call, std::size_t) { return namespace_of(call.context); }
};
template <Takes<http::Request> P>
struct RouteParameter<P> : NotPiped {
  using Kept = http::Request const&;
  static Kept make(Call& call, std::size_t) { return call.context.request(); }
};

template <Extractable P>
struct RouteParameter<P> : NotPiped {
  using Kept = decltype(std::remove_cvref_t<P>::extract(std::declval<ExecutionContext&>()));
  static Kept make(Call& call, std::size_t) { return std::remove_cvref_t<P>::extract(call.context); }
};

template <class T>
inline constexpr bool is_file = false;
template <FixedText Name>
inline constexpr bool is_file<File<Name>> = true;
template <FixedText Name>
inline constexpr bool is_file<Files<Name>> = true;

template <class P>
struct NamedParameter : NotPiped {};

// A value that is taken by name.
template <class Kind, ArgumentSource Source, FixedText Name, class T, class... Pipes>
struct NamedValue {
  using Kept = Kind;
  static constexpr bool is_payload = false;
  static constexpr std::array<PipedParameter, 1> piped{PipedParameter{
      .source = Source, .name = Name.view(), .type = &type_ops<T>, .pipes = own_pipes<Pipes...>()}};
  static Kept make(Call& call, std::size_t index) {
    static_assert(aerie::detail::require_decodable<T>());
    T value{};
    read_piped(call, index, piped[0], &value);
    return Kept(std::move(value));
  }
};

template <class Source>
Value extracted_by(ExecutionContext& context) {
  static_assert(
      requires { Source::extract(context); },
      "aerie: the source of a custom parameter has a `static Value extract(aerie::ExecutionContext&)`");
  return aerie::to_value(Source::extract(context));
}

// A value of the application's own making.
template <class Kind, class Source, class T, class... Pipes>
struct CustomValue {
  using Kept = Kind;
  static constexpr bool is_payload = false;
  static constexpr std::array<PipedParameter, 1> piped{PipedParameter{.source = ArgumentSource::custom,
                                                                      .type = &type_ops<T>,
                                                                      .pipes = own_pipes<Pipes...>(),
                                                                      .extract = &extracted_by<Source>}};
  static Kept make(Call& call, std::size_t index) {
    static_assert(aerie::detail::require_decodable<T>());
    T value{};
    read_piped(call, index, piped[0], &value);
    return Kept(std::move(value));
  }
};

template <FixedText Name, class T, class... Pipes>
auto named(Body<Name, T, Pipes...> const*)
    -> NamedValue<Body<Name, T, Pipes...>, ArgumentSource::body, Name, T, Pipes...>;
template <FixedText Name, class T, class... Pipes>
auto named(Param<Name, T, Pipes...> const*)
    -> NamedValue<Param<Name, T, Pipes...>, ArgumentSource::param, Name, T, Pipes...>;
template <FixedText Name, class T, class... Pipes>
auto named(Query<Name, T, Pipes...> const*)
    -> NamedValue<Query<Name, T, Pipes...>, ArgumentSource::query, Name, T, Pipes...>;
template <FixedText Name, class T, class... Pipes>
auto named(Header<Name, T, Pipes...> const*)
    -> NamedValue<Header<Name, T, Pipes...>, ArgumentSource::header, Name, T, Pipes...>;
template <class Source, class T, class... Pipes>
auto named(Custom<Source, T, Pipes...> const*)
    -> CustomValue<Custom<Source, T, Pipes...>, Source, T, Pipes...>;

template <class P>
using NamedOf = decltype(named(static_cast<std::remove_cvref_t<P> const*>(nullptr)));
template <class P>
concept IsNamed = requires {
  typename NamedOf<P>;
};
template <IsNamed P>
struct RouteParameter<P> : NamedOf<P> {};

template <class T>
inline constexpr bool is_payload_wrapper = false;
template <class T, class... Pipes>
inline constexpr bool is_payload_wrapper<Payload<T, Pipes...>> = true;

template <class P>
struct PayloadParameter;
template <class T, class... Pipes>
struct PayloadParameter<Payload<T, Pipes...>> {
  using Kept = Payload<T, Pipes...>;
  static constexpr bool is_payload = true;
  static constexpr std::array<PipedParameter, 1> piped{
      PipedParameter{.type = &type_ops<T>, .pipes = own_pipes<Pipes...>()}};
  static Kept make(Call& call, std::size_t index) {
    return {call.piped.empty() ? source_value(call.context, piped[0]) : call.piped[index], call.transformed};
  }
};
template <class P>
requires is_payload_wrapper<std::remove_cvref_t<P>>
struct RouteParameter<P> : PayloadParameter<std::remove_cvref_t<P>> {
};

template <class P>
struct ArgumentsParameter;
template <class... Ts>
struct ArgumentsParameter<Arguments<Ts...>> {
  using Kept = Arguments<Ts...>;
  static constexpr bool is_payload = false;
  static constexpr std::array<PipedParameter, sizeof...(Ts)> piped = [] {
    std::array<PipedParameter, sizeof...(Ts)> all{PipedParameter{.type = &type_ops<Ts>}...};
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i].argument = i;
    return all;
  }();
  static Kept make(Call& call, std::size_t index) {
    static_assert((aerie::detail::require_decodable<Ts>() && ...));
    Kept kept{};
    std::size_t argument = 0;
    auto const read = [&]<class T>(T& value) {
      if (call.piped.empty()) {
        call.context.args().read(argument, value);
      } else {
        read_argument(call, index + argument, argument, type_ops<T>, &value);
      }
      ++argument;
    };
    std::apply([&](auto&... each) { (read(each), ...); }, kept.values);
    return kept;
  }
};
template <class T>
inline constexpr bool is_arguments = false;
template <class... Ts>
inline constexpr bool is_arguments<Arguments<Ts...>> = true;
template <class P>
requires is_arguments<std::remove_cvref_t<P>>
struct RouteParameter<P> : ArgumentsParameter<std::remove_cvref_t<P>> {
};

/// How many values a parameter takes that pass pipes.
template <class P>
inline constexpr std::size_t piped_count = RouteParameter<P>::piped.size();

}  // namespace detail
}  // namespace gateway

template <class T, class... Pipes>
T Payload<T, Pipes...>::value() const {
  return gateway::read_value_as<T>(plain_, {});
}

}}  // namespace aerie::v1
