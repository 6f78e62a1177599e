#pragma once

/// \file
/// What every handler may ask for besides the message itself, on this floor and above: the socket, its
/// handshake, the undecoded arguments, the acknowledgement, why the client has left. Each is decided here,
/// once; where it is found is for the source to say, an event or the call of a gateway's handler.

#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/handshake.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

// What the templates below need of Socket, so that they compile without its header.
AERIE_API Handshake const& handshake_of(Socket const& socket) noexcept;

/// Where handlers are called from. A specialisation has, each for a `Source const&`:
///
///     static Socket& socket(source);
///     static Args const& args(source);
///     static DisconnectReason reason(source);
///     static DisconnectDescription description(source);
///     static auto ack(source);            // something that an Ack is made of
template <class Source>
struct SourceOf;

template <class P, class T>
concept Takes = std::is_same_v<std::remove_cvref_t<P>, T>;

template <class T>
inline constexpr bool is_ack = false;
template <class... Ts>
inline constexpr bool is_ack<Ack<Ts...>> = true;

/// How a decoded value is kept until its handler has ended: a view becomes what it views.
template <class P>
using KeptValue = std::conditional_t<Takes<P, std::string_view>, std::string, std::remove_cvref_t<P>>;

/// As what a kept value is handed to the parameter P. By value and by rvalue reference it is moved, as each
/// call has its own.
template <class P>
using Passed =
    std::conditional_t<Takes<P, std::string_view>, std::string_view,
                       std::conditional_t<std::is_lvalue_reference_v<P>, P, std::remove_reference_t<P>&&>>;

/// A parameter that is given: `Kept` is what lives as long as the call, `from(source)` what it is made of.
/// Any other parameter is part of the message.
template <class P>
struct Given;

template <class P>
concept IsGiven = requires {
  typename Given<P>::Kept;
};

template <Takes<Socket> P>
struct Given<P> {
  static_assert(std::is_reference_v<P>, "aerie: take the socket by reference: aerie::Socket&");
  using Kept = Socket&;
  template <class Source>
  static Socket& from(Source const& source) {
    return SourceOf<Source>::socket(source);
  }
};

template <Takes<Handshake> P>
struct Given<P> {
  using Kept = Handshake const&;
  template <class Source>
  static Handshake const& from(Source const& source) {
    return handshake_of(SourceOf<Source>::socket(source));
  }
};

template <Takes<Args> P>
struct Given<P> {
  using Kept = Args;
  template <class Source>
  static Args const& from(Source const& source) {
    return SourceOf<Source>::args(source);
  }
};

template <Takes<DisconnectReason> P>
struct Given<P> {
  using Kept = DisconnectReason;
  template <class Source>
  static DisconnectReason from(Source const& source) {
    return SourceOf<Source>::reason(source);
  }
};

template <Takes<DisconnectDescription> P>
struct Given<P> {
  using Kept = DisconnectDescription;
  template <class Source>
  static DisconnectDescription from(Source const& source) {
    return SourceOf<Source>::description(source);
  }
};

template <class P>
requires is_ack<std::remove_cvref_t<P>>
struct Given<P> {
  using Kept = std::remove_cvref_t<P>;
  template <class Source>
  static auto from(Source const& source) {
    return SourceOf<Source>::ack(source);
  }
};

}  // namespace socketio
}}  // namespace aerie::v1
