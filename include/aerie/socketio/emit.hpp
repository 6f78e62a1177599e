#pragma once

/// \file
/// `emit` in all its forms, written once for sockets, rooms, namespaces and the server.

#include <aerie/core/completion.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/miscompiled.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/callable.hpp>
#include <aerie/socketio/encodable_list.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

/// How an event is sent.
struct EmitOptions {
  /// Drop the event if it cannot go out at once.
  bool is_volatile = false;
  bool compress = true;
  /// Do not tell other processes.
  bool local = false;
  /// How long to wait for acknowledgements.
  std::optional<std::chrono::milliseconds> timeout{};
  /// Of an event to one socket that asks for one: see Socket::at_least_once.
  bool at_least_once = false;
};

/// What Derived needs for `emit`: `emit_args(std::string_view event, ArgsRef args) const` and
/// `emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(Reply)> on_reply) const`, whose
/// result is `emit`'s.
template <class Derived, class Reply>
class Emits {
 public:
  /// Sends an event with any number of arguments. If the last one is a function that takes a reply, the event
  /// asks for an acknowledgement and the function is called with what comes of it. Throws
  /// std::invalid_argument for a reserved event name.
  template <class... Ts>
  auto emit(std::string_view event, Ts&&... args) const {
    if constexpr (ends_with_callback<Ts...>()) {
      return emit_with_callback(event, std::forward_as_tuple(std::forward<Ts>(args)...),
                                std::make_index_sequence<sizeof...(Ts) - 1>());
    } else {
      return self().emit_args(event, EncodableList(std::as_const(args)...));
    }
  }

  /// Sends an event that asks for an acknowledgement, and waits for it. It is sent at once, not when it is
  /// awaited.
  template <class... Ts>
  Task<Reply> emit_with_ack(std::string_view event, Ts&&... args) const {
    static_assert(core::require_named_where_awaited<Ts...>());
    core::Completion<Reply> reply;
    self().emit_args(event, EncodableList(std::as_const(args)...),
                     [give = reply.completer()](Reply got) mutable {
                       // The task goes on when the packet has gone.
                       if constexpr (requires { got.own(); }) got.own();
                       give(std::move(got));
                     });
    return wait_for(std::move(reply));
  }

 private:
  Derived const& self() const noexcept { return static_cast<Derived const&>(*this); }

  template <class... Ts>
  static consteval bool ends_with_callback() {
    if constexpr (sizeof...(Ts) == 0) {
      return false;
    } else {
      using Last = std::decay_t<std::tuple_element_t<sizeof...(Ts) - 1, std::tuple<Ts...>>>;
      constexpr bool takes_reply = std::is_invocable_v<Last&, Reply>;
      static_assert(takes_reply || !is_function<Last>,
                    "aerie: the function behind the arguments of an event is called with its acknowledgement "
                    "and takes one parameter, the reply: for a socket write [](aerie::AckReply reply) { ... "
                    "reply.get<std::string>() ... }, for a broadcast [](aerie::BroadcastReply reply)");
      return takes_reply;
    }
  }

  template <class F>
  static constexpr bool is_function = HasOneCallOperator<F> || std::is_function_v<std::remove_pointer_t<F>>;

  template <class Tuple, std::size_t... Index>
  auto emit_with_callback(std::string_view event, Tuple&& args, std::index_sequence<Index...>) const {
    return self().emit_args(
        event, EncodableList(std::as_const(std::get<Index>(args))...),
        UniqueFunction<void(Reply)>(std::get<sizeof...(Index)>(std::forward<Tuple>(args))));
  }

  static Task<Reply> wait_for(core::Completion<Reply> reply) { co_return co_await reply; }
};

}}}  // namespace aerie::v1::socketio
