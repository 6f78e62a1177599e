#include "gateway/socketio_context.hpp"

#include <aerie/gateway/exception_filter.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/schema/truthy.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/pattern.hpp>
#include <aerie/socketio/socket.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

void EventAck::answer_with(ArgsRef args) {
  if (handle_) {
    handle_.answer(args);
  } else if (!std::exchange(answered_, true)) {
    socketio::answer(*socket_, id_, args);
  }
}

socketio::AckHandle EventAck::handle() {
  if (!handle_ && id_ && !answered_) handle_ = socketio::AckHandle(*socket_, *id_);
  return handle_;
}

SocketIoContext::SocketIoContext(Route const& route, socketio::IncomingEvent const& event, EventAck& ack)
    : ExecutionContext(route),
      socket_(event.socket),
      args_(&event.args),
      ack_(&ack),
      reason_(event.reason),
      description_(event.description) {
  if (route.is_of_any_event) set_event(event.name);
}

SocketIoContext::~SocketIoContext() = default;

void SocketIoContext::own() {
  own_args_ = *args_;
  own_args_.own();
  args_ = &own_args_;
}

core::TaskContext* SocketIoContext::tasks_of_client() const {
  return &socketio::context_until_leave({socket_, pattern(), *args_});
}

std::string_view SocketIoContext::client_id() const noexcept {
  return socket_.id();
}

std::string SocketIoContext::client_address() const {
  return socket_.handshake().address();
}

std::vector<std::pair<std::string, std::string>> SocketIoContext::params() const {
  auto const& pattern = route().nsp_pattern;
  return pattern ? pattern->groups(socket_.nsp().name()) : std::vector<std::pair<std::string, std::string>>();
}

core::Shard& SocketIoContext::shard() const noexcept {
  return socket_.shard();
}

void SocketIoContext::emit_args(std::string_view event, ArgsRef args) const {
  socket_.emit_args(event, args);
}

socketio::AckHandle SocketIoContext::ack_handle() const {
  return ack_->handle();
}

std::optional<std::string> SocketIoContext::credential(std::string_view name) const {
  auto const& handshake = socket_.handshake();
  if (auto text = handshake.auth_text(name)) return text;
  return handshake.query(name);
}

std::optional<std::string> SocketIoContext::cookie(std::string_view name) const {
  return socket_.handshake().cookie(name);
}

socketio::TypedSlots& SocketIoContext::slots() {
  return socketio::slots_of(socket_);
}

socketio::TypedSlots const* SocketIoContext::find_slots() const noexcept {
  return socketio::find_slots(socket_);
}

void SocketIoContext::deliver(ReplyItem const& item) {
  if (item.is_event()) {
    deliver_event(item.event(), item.value());
  } else if (item.is_dynamic()) {
    deliver_dynamic(item.value());
  } else {
    if (!item.value().is_null()) deliver_value(item.value());
  }
}

void SocketIoContext::deliver_dynamic(Value const& value) {
  if (value.is_object() && schema::is_truthy(value["event"])) {
    socket_.emit_named(value["event"], socketio::EncodableList(value["data"]));
  } else if (!value.is_null()) {
    deliver_value(value);
  }
}

void SocketIoContext::deliver_value(EncodableRef value) {
  if (!*ack_ || value.is_undefined()) return;
  if (route().handler != nullptr && route().handler->answers_by_hand) return;
  ack_->answer(value);
}

void SocketIoContext::deliver_event(std::string_view event, EncodableRef data) {
  if (event.empty()) {
    deliver_value(Value::object({{"event", ""}, {"data", to_value(data)}}));
  } else {
    socket_.emit_args(event, socketio::EncodableList<1>(data));
  }
}

void SocketIoContext::acknowledge() {
  if (*ack_ && !(route().handler != nullptr && route().handler->answers_by_hand)) ack_->answer();
}

void SocketIoContext::deliver_error(std::exception_ptr const& error) {
  BaseWsExceptionFilter().on_exception(error, *this);
}

}}}  // namespace aerie::v1::gateway
