#pragma once

#include <aerie/engineio/session.hpp>
#include <aerie/socketio/disconnect_reason.hpp>

#include <string_view>

// Why a connection has ended, in the words of the sockets that were on it.
namespace aerie { inline namespace v1 { namespace socketio {

inline DisconnectReason reason_of(engineio::CloseReason reason) noexcept {
  switch (reason) {
    case engineio::CloseReason::transport_close:
      return DisconnectReason::transport_close;
    case engineio::CloseReason::transport_error:
      return DisconnectReason::transport_error;
    case engineio::CloseReason::ping_timeout:
      return DisconnectReason::ping_timeout;
    case engineio::CloseReason::parse_error:
      return DisconnectReason::parse_error;
    case engineio::CloseReason::forced_close:
      return DisconnectReason::forced_close;
  }
  return DisconnectReason::transport_close;
}

inline std::string_view description_of(engineio::CloseReason reason) noexcept {
  switch (reason) {
    case engineio::CloseReason::transport_error:
      return "the connection has broken a rule of its transport, or has not taken what it was sent";
    case engineio::CloseReason::ping_timeout:
      return "the client has not answered a ping in time";
    case engineio::CloseReason::parse_error:
      return "the client has sent what is no packet";
    case engineio::CloseReason::transport_close:
    case engineio::CloseReason::forced_close:
      break;
  }
  return {};
}

}}}  // namespace aerie::v1::socketio
