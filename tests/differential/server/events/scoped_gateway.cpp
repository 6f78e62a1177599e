#include "events/scoped_gateway.hpp"

#include <stdexcept>

namespace reference::events {

void ScopedGateway::describe(aerie::Gateway<ScopedGateway>& g) {
  g.at("/scoped");
  g.use<TraceGuard>("class");
  g.use<TraceInterceptor>("class");
  g.use<AppendPipe>("-class");
  g.use<ClassFilter>();

  g.on<&ScopedGateway::plain>();
  g.on<&ScopedGateway::both>().use<TraceGuard>("method").use<TraceInterceptor>("method").use<AppendPipe>(
      "-method");
  g.on<&ScopedGateway::fail>();
  g.on<&ScopedGateway::fail_both>("fail:both").use<MethodFilter>();
  g.on<&ScopedGateway::fail_other>("fail:other");
}

aerie::DynamicReply ScopedGateway::plain(aerie::Value const& payload) {
  return aerie::DynamicReply(payload);
}

aerie::DynamicReply ScopedGateway::both(aerie::Payload<aerie::Value, Append<"-param">> const& payload) {
  return aerie::DynamicReply(payload.plain());
}

void ScopedGateway::fail() {
  throw aerie::WsException("class one");
}

void ScopedGateway::fail_both() {
  throw aerie::WsException("method one");
}

void ScopedGateway::fail_other() {
  throw std::runtime_error("an inner detail");
}

}  // namespace reference::events
