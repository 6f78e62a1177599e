#include "socketio/client.hpp"
#include "socketio/event_gate.hpp"
#include "socketio/held_events.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/socketio/socket.hpp>

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

/// What comes of waiting for a client; false if nobody is there any more who could tell.
Task<bool> outcome_of(core::Completion<bool> drained) {
  try {
    auto const connected = co_await drained;
    co_return connected;
  } catch (core::NeverCompleted const&) {
  }
  co_return false;
}

Task<bool> in_vain() {
  co_return false;
}

}  // namespace

bool Socket::writable() const noexcept {
  return client_ != nullptr && client_->session().writable();
}

std::size_t Socket::buffered_amount() const noexcept {
  return client_ == nullptr ? 0 : client_->session().buffered_amount();
}

std::size_t Socket::high_water_mark() const noexcept {
  return adapter_->node().server().high_water_mark();
}

void Socket::when_drained(UniqueFunction<void(bool)> drained, std::size_t mark) const {
  // Waiting changes nothing that a user of a const Socket could see.
  auto socket = const_cast<Socket*>(this)->shared_from_this();
  auto tell = [socket, drained = std::move(drained)](bool reached) {
    socketio::call_for(*socket, "drained", drained, reached && socket->connected());
  };
  if (client_ == nullptr || client_->is_leaving()) return tell(false);
  client_->session().when_buffered(mark, std::move(tell));
}

Task<bool> Socket::drained(std::size_t mark) const {
  core::Completion<bool> reached;
  when_drained([give = reached.completer()](bool connected) mutable { give(connected); }, mark);
  return outcome_of(std::move(reached));
}

// --- Events of which only the last ones are kept

bool Socket::holds_back() const noexcept {
  return (rare_ && rare_->held) || buffered_amount() > high_water_mark();
}

void Socket::hold_back(std::shared_ptr<socketio::EncodedPacket const> packet, bool compress,
                       socketio::DropOldest const& rule) {
  auto& held = state().held;
  auto const first = !held;
  if (first) held = std::make_unique<socketio::HeldEvents>(shard().account());
  if (held->add({&rule, std::move(packet), compress})) adapter_->node().counts().dropped_oldest.add();
  if (!first) return;
  client_->session().when_buffered(high_water_mark(),
                                   [socket = shared_from_this()](bool) { socket->send_held(); });
}

void Socket::send_held() {
  // Nothing is left of a socket that has left.
  if (!rare_ || !rare_->held) return;
  auto const held = std::exchange(rare_->held, nullptr);
  for (auto const& entry : held->entries())
    send_packet(*entry.packet, entry.compress);
}

void Socket::forget_flow() noexcept {
  if (!rare_) return;
  if (rare_->gate) rare_->gate->close();
  rare_->held.reset();
}

namespace {

/// Waits on the socket's shard; where its server is gone, what is to tell of the end is destroyed.
template <class MarkOf>
Task<bool> drained_there(SocketHandle const& handle, MarkOf mark_of) {
  core::Completion<bool> reached;
  handle.run([mark_of, give = reached.completer()](Socket& socket) mutable {
    auto const mark = mark_of(socket);
    socket.when_drained([give = std::move(give)](bool connected) mutable { give(connected); }, mark);
  });
  return outcome_of(std::move(reached));
}

}  // namespace

Task<bool> SocketHandle::drained(std::size_t mark) const {
  return drained_there(*this, [mark](Socket const&) { return mark; });
}

Task<bool> SocketHandle::drained_if(bool sent) const {
  if (!sent) return in_vain();
  return drained_there(*this, [](Socket const& socket) { return socket.high_water_mark(); });
}

}}  // namespace aerie::v1
