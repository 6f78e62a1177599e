#pragma once

/// \file
/// A plain WebSocket client of an application under test, for gateways behind aerie::WsAdapter.
///
/// Thread contract: as aerie::testing::Application.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/testing/failure.hpp>
#include <aerie/testing/http_client.hpp>
#include <aerie/websocket/error.hpp>
#include <aerie/websocket/frame.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

class WebSocketEnd;

/// What it sends has been handled, as far as that is possible at the present time, when the call returns.
class AERIE_API WebSocket {
 public:
  /// For the framework; callers use `Application::connect_websocket`.
  explicit WebSocket(std::shared_ptr<WebSocketEnd> end) noexcept;
  WebSocket(WebSocket&&) noexcept;
  WebSocket& operator=(WebSocket&&) noexcept;
  ~WebSocket();

  /// Whether the handshake was accepted, and neither side has closed since.
  bool is_open() const noexcept;
  /// The answer to the handshake: 101 if it was accepted; 0 if the connection was closed without one.
  HttpResponse const& handshake() const noexcept;
  /// What the server has closed the connection with, nothing if it has not; `abnormal` without a close frame.
  std::optional<websocket::CloseCode> close_code() const noexcept;

  /// Sends a text message.
  void send_text(std::string_view text);
  /// Sends a binary message.
  void send_binary(std::string_view bytes);
  /// Sends `{"event": ..., "data": ...}`.
  void send_event(std::string_view event, EncodableRef data);
  void send_event(std::string_view event);
  /// Bytes as they are, for what no client would send.
  void send_raw(std::string_view bytes);

  /// What has been received and not been taken.
  std::vector<std::string> received() const;
  /// Drops what has been received and not been taken.
  void forget_received();
  /// Takes the first `{"event": <event>, "data": ...}` that has been received and returns its data. Throws
  /// Failure, which lists what has been received instead, if there is none.
  Value expect_event(std::string_view event);
  /// Throws Failure if anything has been received and not been taken.
  void expect_nothing() const;

  /// Begins the closing handshake.
  void close(websocket::CloseCode code = websocket::CloseCode::normal);
  /// Cuts the connection without a close frame.
  void lose_connection();
  /// From now on reads nothing: the server may send `window` bytes more.
  void stop_reading(std::size_t window = 0);

 private:
  void send(websocket::Opcode opcode, std::string_view payload);

  std::shared_ptr<WebSocketEnd> end_;
};

}}}  // namespace aerie::v1::testing
