#include "client/socket_core.hpp"

#include <aerie/client/socket.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

/// Gives what comes of an event to a task; nothing, if nobody will ever know.
class Giver {
 public:
  explicit Giver(core::Completer<AckReply> give) : give_(std::move(give)) {}
  Giver(Giver&& other) noexcept = default;
  Giver& operator=(Giver&&) = delete;
  ~Giver() { give_(AckReply(AckError::disconnected)); }

  void operator()(AckReply reply) {
    // The task goes on when the packet has gone.
    reply.own();
    give_(std::move(reply));
  }

 private:
  core::Completer<AckReply> give_;
};

}  // namespace

// --- Emitter

Emitter Emitter::timeout(std::chrono::milliseconds limit) const {
  auto options = options_;
  options.timeout = limit;
  return Emitter(core_, options);
}

Emitter Emitter::volatile_() const {
  auto options = options_;
  options.is_volatile = true;
  return Emitter(core_, options);
}

Emitter Emitter::compress(bool on) const {
  auto options = options_;
  options.compress = on;
  return Emitter(core_, options);
}

UniqueFunction<void(AckReply)> Emitter::giver(core::Completion<AckReply>& reply) {
  return Giver(reply.completer());
}

void Emitter::emit_args(std::string_view event, ArgsRef args) const {
  core_->emit(event, args, nullptr, options_);
}

void Emitter::emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const {
  core_->emit(event, args, std::move(on_reply), options_);
}

// --- Socket

Socket const& Socket::connect() const {
  core_->run([](SocketCore& core) { core.connect(); });
  return *this;
}

Socket const& Socket::disconnect() const {
  core_->run([](SocketCore& core) { core.disconnect(); });
  return *this;
}

std::string const& Socket::nsp() const noexcept {
  return core_->nsp();
}

bool Socket::connected() const {
  return core_->shown().connected;
}

std::string Socket::id() const {
  return core_->shown().id;
}

bool Socket::active() const {
  return core_->shown().active;
}

bool Socket::recovered() const {
  return core_->shown().recovered;
}

ListenerId Socket::listen(std::string_view event, std::shared_ptr<Listener> listener, bool once) const {
  auto const id = core_->next_listener();
  core_->run([event = std::string(event), id, once, listener = std::move(listener)](
                 SocketCore& core) mutable { core.listeners().add(event, id, std::move(listener), once); });
  return id;
}

ListenerId Socket::listen_to_all(AnyListener function, bool outgoing, bool first) const {
  auto const id = core_->next_listener();
  core_->run([id, outgoing, first, function = std::move(function)](SocketCore& core) mutable {
    auto& listeners = outgoing ? core.listeners().outgoing() : core.listeners().incoming();
    listeners.add(id, std::move(function), first);
  });
  return id;
}

ListenerId Socket::on_any(AnyListener function) const {
  return listen_to_all(std::move(function), false, false);
}

ListenerId Socket::prepend_any(AnyListener function) const {
  return listen_to_all(std::move(function), false, true);
}

ListenerId Socket::on_any_outgoing(AnyListener function) const {
  return listen_to_all(std::move(function), true, false);
}

ListenerId Socket::prepend_any_outgoing(AnyListener function) const {
  return listen_to_all(std::move(function), true, true);
}

void Socket::off(ListenerId id) const {
  core_->run([id](SocketCore& core) { core.listeners().remove(id); });
}

void Socket::off(std::string_view event) const {
  core_->run([event = std::string(event)](SocketCore& core) { core.listeners().remove(event); });
}

void Socket::off_any() const {
  core_->run([](SocketCore& core) { core.listeners().incoming().clear(); });
}

void Socket::off_any_outgoing() const {
  core_->run([](SocketCore& core) { core.listeners().outgoing().clear(); });
}

void Socket::off_all() const {
  core_->run([](SocketCore& core) { core.listeners().remove_named(); });
}

void Socket::set_auth(Auth auth) const {
  core_->run([auth = std::move(auth)](SocketCore& core) mutable { core.set_auth(std::move(auth)); });
}

void Socket::emit_args(std::string_view event, ArgsRef args) const {
  core_->emit(event, args, nullptr, {});
}

void Socket::emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const {
  core_->emit(event, args, std::move(on_reply), {});
}

}}}  // namespace aerie::v1::client
