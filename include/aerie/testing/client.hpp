#pragma once

/// \file
/// A Socket.IO client of an application under test, without a network: aerie::client on connections in
/// memory, answered by the application's own server code.
///
/// Thread contract: as aerie::testing::Application.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/encodable_list.hpp>
#include <aerie/testing/failure.hpp>
#include <aerie/testing/http_client.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

struct ClientState;
class ClientConnection;

/// How a client talks to the application.
enum class Transport : std::uint8_t { websocket, polling };

/// How a client connects.
struct ConnectOptions {
  /// The only transport that it uses.
  Transport transport = Transport::websocket;
  /// Added to the query of the handshake: `{{"room", "1"}}`.
  std::vector<std::pair<std::string, std::string>> query{};
  /// Of every request.
  Headers headers{};
  /// Of Engine.IO, as the gateway's options have it.
  std::string path = "/socket.io/";
  /// Of gateways with a port of their own.
  std::optional<std::uint16_t> port{};
};

/// An event that has come from the server.
struct ReceivedEvent {
  /// The event's name.
  std::string name;
  /// Its arguments, without the acknowledgement.
  Array args;
};

/// Why a client was refused: what the official client gets as `connect_error`. Of a connection that was not
/// opened at all: what the server has answered, or what has happened if it has not.
struct ConnectRefusal {
  /// The error's message.
  std::string message;
  /// Undefined if there is none.
  Value data;
};

/// An acknowledgement that may take its time; see `Client::ask`.
class AERIE_API PendingAck {
 public:
  /// For the framework; callers use `Client::ask`.
  PendingAck(std::shared_ptr<ClientState> client, std::uint64_t id) : client_(std::move(client)), id_(id) {}
  /// Whether it is there by now.
  bool has_arrived() const;
  /// What was acknowledged, undefined if that was nothing. Throws Failure if it has not arrived.
  Value value() const;

 private:
  std::shared_ptr<ClientState> client_;
  std::uint64_t id_;
};

/// One namespace's socket. What it sends has been handled, as far as that is possible at the present time,
/// when the call returns. Its destruction closes its connection, unless clients of other namespaces share it.
class AERIE_API Client {
 public:
  /// For the framework; callers use `Application::connect`.
  explicit Client(std::shared_ptr<ClientState> state) noexcept;
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  /// A client of another namespace on the same connection.
  Client connect(std::string_view nsp, Object auth = {}) const;

  /// Whether it is in the namespace.
  bool connected() const noexcept;
  /// The socket's id; empty if it is not connected.
  std::string const& id() const noexcept;
  /// Why it was refused; nothing if it was not.
  std::optional<ConnectRefusal> const& connect_error() const noexcept;
  /// Why it was connected and is not any more, in the official client's words: "io server disconnect",
  /// "io client disconnect", "transport close", "transport error", "ping timeout"; empty otherwise.
  std::string const& disconnect_reason() const noexcept;

  /// Sends a message.
  template <class... Ts>
  void emit(std::string_view event, Ts const&... args) {
    emit_args(event, socketio::EncodableList(args...));
  }
  /// Sends one and returns its acknowledgement, undefined if that is nothing. Throws Failure if there is none
  /// at the present time.
  template <class... Ts>
  Value emit_with_ack(std::string_view event, Ts const&... args) {
    return ask_args(event, socketio::EncodableList(args...)).value();
  }
  /// The same for an acknowledgement that takes its time: let it pass (`Application::advance`), then ask for
  /// its value.
  template <class... Ts>
  PendingAck ask(std::string_view event, Ts const&... args) {
    return ask_args(event, socketio::EncodableList(args...));
  }

  /// Takes the first event of that name that has been received and returns its arguments. Throws Failure,
  /// which lists what has been received instead, if there is none.
  Array expect_event(std::string_view event);
  /// The same for an event with one argument, as a T.
  template <class T>
  T expect_event(std::string_view event) {
    T value{};
    auto const args = expect_event(event);
    require_decoded(event, aerie::from_value(args.empty() ? Value() : args.front(), value));
    return value;
  }
  /// Throws Failure if an event has been received, and not been taken, of that name, or at all.
  void expect_no_event(std::string_view event) const;
  void expect_no_event() const;
  /// What has been received and not been taken, in order.
  std::vector<ReceivedEvent> const& received() const noexcept;
  /// Forgets what has been received.
  void forget_received();

  /// Handles events of that name from now on instead of keeping them; the result acknowledges those that the
  /// server wants acknowledged.
  void on(std::string_view event, std::function<Value(Array const& args)> handler);

  /// Leaves the namespace.
  void disconnect();
  /// Cuts the connection, as a network does: the server is not told.
  void lose_connection();

 private:
  void emit_args(std::string_view event, ArgsRef args);
  PendingAck ask_args(std::string_view event, ArgsRef args);
  void require_connected(std::string_view event) const;
  void require_decoded(std::string_view event, DecodeResult const& result) const;

  std::shared_ptr<ClientState> state_;
};

}}}  // namespace aerie::v1::testing
