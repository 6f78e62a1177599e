#include <aerie/core/log.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/gateway/route.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>
#include <aerie/socketio/socket.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 {

std::string_view to_string(ContextType type) noexcept {
  return type == ContextType::ws ? "ws" : "http";
}

ExecutionContext::~ExecutionContext() = default;

std::string_view ExecutionContext::class_name() const noexcept {
  return route_->class_name;
}

std::string_view ExecutionContext::handler_name() const noexcept {
  return route_->handler == nullptr ? std::string_view() : route_->handler->name;
}

std::string_view ExecutionContext::pattern() const noexcept {
  return event_.data() == nullptr ? std::string_view(route_->pattern) : event_;
}

std::optional<std::string> ExecutionContext::param(std::string_view name) const {
  for (auto& [key, value] : params()) {
    if (key == name) return std::move(value);
  }
  return std::nullopt;
}

Value const& ExecutionContext::payload() const {
  if (!payload_) payload_ = payload_for_changes();
  return *payload_;
}

Value ExecutionContext::payload_for_changes() const {
  if (payload_) return *payload_;
  auto const& arguments = args();
  return arguments.size() > 1 ? Value(Array(arguments.values())) : arguments[0];
}

void const* ExecutionContext::find_metadata(gateway::TypeId type) const noexcept {
  for (auto const& entry : route_->metadata) {
    if (entry.type == type) return entry.value.get();
  }
  return nullptr;
}

Socket& ExecutionContext::socket() const {
  if (auto* const found = find_socket()) return *found;
  throw std::logic_error(core::concat("aerie: ", class_name(), " asks for an aerie::Socket, but ",
                                      type() == ContextType::http
                                          ? "this is an HTTP request"
                                          : "its WebSocket adapter has none: ask for that adapter's client",
                                      "; see ExecutionContext::type and find_socket"));
}

http::Request const& ExecutionContext::request() const {
  if (auto const* const found = find_request()) return *found;
  throw std::logic_error(core::concat("aerie: ", class_name(),
                                      " asks for an HTTP request, but this is a message; see "
                                      "ExecutionContext::type and find_request"));
}

socketio::TypedSlots& ExecutionContext::slots() {
  if (!own_slots_) own_slots_ = std::make_unique<socketio::TypedSlots>();
  return *own_slots_;
}

void ExecutionContext::deliver_response(http::Response) {
  throw std::logic_error(core::concat("aerie: ", class_name(), "::", handler_name(),
                                      " answers a message with an http::Response; return a value"));
}

void ExecutionContext::emit_args(std::string_view, ArgsRef) const {}

socketio::AckHandle ExecutionContext::ack_handle() const {
  return {};
}

DisconnectReason ExecutionContext::disconnect_reason() const noexcept {
  return {};
}

namespace gateway { namespace detail {

Namespace& namespace_of(ExecutionContext const& context) {
  return context.socket().nsp();
}

}}  // namespace gateway::detail
}}  // namespace aerie::v1
