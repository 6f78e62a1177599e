#pragma once

/// \file
/// A Socket.IO message on its way through a route.

#include <aerie/gateway/execution_context.hpp>
#include <aerie/socketio/handler.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// What all handlers of one event share: the client's acknowledgement, of which the first counts.
class EventAck {
 public:
  EventAck(Socket& socket, std::optional<std::uint64_t> id) : socket_(&socket), id_(id) {}
  explicit operator bool() const noexcept { return id_.has_value(); }
  /// Answers now. Costs nothing while nobody has asked for a handle.
  void answer(EncodableRef value) { answer_with(socketio::EncodableList<1>(value)); }
  /// The same without a value.
  void answer() { answer_with(socketio::EncodableList<0>()); }
  socketio::AckHandle handle();

 private:
  void answer_with(ArgsRef args);

  Socket* socket_;
  std::optional<std::uint64_t> id_;
  socketio::AckHandle handle_;
  bool answered_ = false;
};

class SocketIoContext final : public ExecutionContext {
 public:
  /// Refers to the event's arguments until `own` is called, to its socket and to `ack` all the time.
  SocketIoContext(Route const& route, socketio::IncomingEvent const& event, EventAck& ack);
  ~SocketIoContext() override;
  /// For what goes on when the event is over.
  void own();

  ContextType type() const noexcept override { return ContextType::ws; }
  Socket* find_socket() const noexcept override { return &socket_; }
  core::TaskContext* tasks_of_client() const override;
  std::string_view client_id() const noexcept override;
  std::string client_address() const override;
  std::vector<std::pair<std::string, std::string>> params() const override;
  void emit_args(std::string_view event, ArgsRef args) const override;
  socketio::AckHandle ack_handle() const override;
  DisconnectReason disconnect_reason() const noexcept override { return reason_; }
  std::string_view disconnect_description() const noexcept override { return description_; }
  std::optional<std::string> credential(std::string_view name) const override;
  std::optional<std::string> cookie(std::string_view name) const override;

  core::Shard& shard() const noexcept override;
  Args const& args() const noexcept override { return *args_; }
  void deliver(ReplyItem const& item) override;
  void deliver_value(EncodableRef value) override;
  void deliver_event(std::string_view event, EncodableRef data) override;
  void acknowledge() override;
  void deliver_error(std::exception_ptr const& error) override;

 protected:
  socketio::TypedSlots& slots() override;
  socketio::TypedSlots const* find_slots() const noexcept override;

 private:
  void deliver_dynamic(Value const& value);

  Socket& socket_;
  Args own_args_;
  Args const* args_;
  EventAck* ack_;
  DisconnectReason reason_;
  std::string_view description_;
};

}}}  // namespace aerie::v1::gateway
