#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 {

SocketEmitter SocketEmitter::compress(bool on) const {
  auto copy = options_;
  copy.compress = on;
  return SocketEmitter(socket_, copy);
}

SocketEmitter SocketEmitter::volatile_() const {
  auto copy = options_;
  copy.is_volatile = true;
  copy.at_least_once = false;
  return SocketEmitter(socket_, copy);
}

SocketEmitter SocketEmitter::timeout(std::chrono::milliseconds timeout) const {
  auto copy = options_;
  copy.timeout = timeout;
  return SocketEmitter(socket_, copy);
}

SocketEmitter SocketEmitter::at_least_once(std::chrono::milliseconds within) const {
  auto copy = options_;
  copy.timeout = within;
  copy.at_least_once = true;
  copy.is_volatile = false;
  return SocketEmitter(socket_, copy);
}

BroadcastOperator SocketEmitter::broadcast() const {
  return BroadcastOperator(socket_.nsp().shared_from_this(), {.except = {std::string(socket_.id())}},
                           options_);
}

void SocketEmitter::emit_args(std::string_view event, ArgsRef args) const {
  emit_args(event, args, nullptr);
}

void SocketEmitter::emit_args(std::string_view event, ArgsRef args,
                              UniqueFunction<void(AckReply)> on_reply) const {
  // Sending changes nothing that a user of a const Socket could see.
  const_cast<Socket&>(socket_).emit_event(event, args, options_, std::move(on_reply));
}

}}  // namespace aerie::v1
