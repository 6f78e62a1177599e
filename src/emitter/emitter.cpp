#include "emitter/emitter_state.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/emitter/emitter.hpp>

#include <algorithm>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

// As the official emitter: what these say, clients and servers say by themselves.
void refuse_reserved(std::string_view event) {
  constexpr std::array<std::string_view, 6> reserved{"connect",       "connect_error", "disconnect",
                                                     "disconnecting", "newListener",   "removeListener"};
  if (std::find(reserved.begin(), reserved.end(), event) != reserved.end())
    throw std::invalid_argument("aerie: \"" + std::string(event) + "\" is a reserved event name");
}

// A room is named once, however often it was said.
void add(std::vector<std::string>& to, std::vector<std::string> rooms) {
  for (auto& room : rooms) {
    if (std::find(to.begin(), to.end(), room) == to.end()) to.push_back(std::move(room));
  }
}

}  // namespace

EmitterOperator EmitterOperator::to(EmitterRooms rooms) const {
  auto copy = *this;
  add(copy.recipients_.rooms, std::move(rooms).take());
  return copy;
}

EmitterOperator EmitterOperator::except(EmitterRooms rooms) const {
  auto copy = *this;
  add(copy.recipients_.except, std::move(rooms).take());
  return copy;
}

EmitterOperator EmitterOperator::compress(bool on) const {
  auto copy = *this;
  copy.flags_.compress = on;
  return copy;
}

EmitterOperator EmitterOperator::volatile_() const {
  auto copy = *this;
  copy.flags_.is_volatile = true;
  return copy;
}

bool EmitterOperator::emit_args(std::string_view event, ArgsRef args) const {
  refuse_reserved(event);
  auto bytes = state_->spelling().write(emitter::emitted_event(recipients_, flags_, event, args));
  if (!bytes) {
    state_->count_lost();
    return false;
  }
  return state_->publish(emitter::broadcast_channel(state_->key(), recipients_.nsp, recipients_.rooms),
                         std::move(*bytes));
}

bool EmitterOperator::sockets_join(EmitterRooms rooms) const {
  return state_->publish(emitter::request_channel(state_->key(), recipients_.nsp),
                         emitter::emitted_move(emitter::RedisRequestType::join, recipients_, rooms.names()));
}

bool EmitterOperator::sockets_leave(EmitterRooms rooms) const {
  return state_->publish(emitter::request_channel(state_->key(), recipients_.nsp),
                         emitter::emitted_move(emitter::RedisRequestType::leave, recipients_, rooms.names()));
}

bool EmitterOperator::disconnect_sockets(bool close) const {
  return state_->publish(emitter::request_channel(state_->key(), recipients_.nsp),
                         emitter::emitted_disconnect(recipients_, close));
}

bool EmitterNamespace::server_side_emit_args(std::string_view event, ArgsRef args) const {
  refuse_reserved(event);
  return state_->publish(emitter::request_channel(state_->key(), recipients_.nsp),
                         emitter::emitted_server_side(event, args));
}

Emitter::Emitter(Runtime& runtime, EmitterOptions options)
    : EmitterNamespace(std::make_shared<EmitterState>(runtime, std::move(options)), {}) {
  state_->open();
}

Emitter::~Emitter() {
  state_->close();
}

EmitterNamespace Emitter::of(std::string_view nsp) const {
  return {state_, {.nsp = nsp.starts_with('/') ? std::string(nsp) : "/" + std::string(nsp)}};
}

Task<std::uint64_t> Emitter::flush() const {
  core::Completion<std::uint64_t> flushed;
  state_->flush(flushed.completer());
  co_return co_await flushed;
}

std::uint64_t Emitter::lost() const noexcept {
  return state_->lost();
}

}}}  // namespace aerie::v1::cluster
