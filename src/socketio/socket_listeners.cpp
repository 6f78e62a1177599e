#include "socketio/event_gate.hpp"
#include "socketio/event_name.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/user_call.hpp"

#include <aerie/socketio/socket.hpp>

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

/// A handler for the next event only.
class OnceHandler final : public socketio::EventHandler {
 public:
  explicit OnceHandler(std::shared_ptr<socketio::EventHandler> handler) : handler_(std::move(handler)) {}
  void named(ListenerId id) noexcept { id_ = id; }

  void handle(socketio::IncomingEvent const& event) override {
    // It may be in a snapshot that is older than its only call.
    auto const handler = std::exchange(handler_, nullptr);
    if (!handler) return;
    event.socket.off(event.name, id_);
    handler->handle(event);
  }

 private:
  std::shared_ptr<socketio::EventHandler> handler_;
  ListenerId id_{};
};

}  // namespace

ListenerId Socket::add_handler(std::string_view event, std::shared_ptr<socketio::EventHandler> handler,
                               bool once) {
  socketio::require_listenable(event);
  auto& rare = state();
  auto const id = rare.next_listener();
  if (once) {
    auto only = std::make_shared<OnceHandler>(std::move(handler));
    only->named(id);
    handler = std::move(only);
  }
  if (!rare.handlers) rare.handlers = std::make_unique<socketio::HandlerMap>();
  (*rare.handlers)[std::string(event)].append(id, std::move(handler));
  return id;
}

void Socket::off(std::string_view event) {
  if (!rare_ || !rare_->handlers) return;
  auto const found = rare_->handlers->find(event);
  if (found != rare_->handlers->end()) rare_->handlers->erase(found);
}

bool Socket::off(std::string_view event, ListenerId handler) {
  if (!rare_ || !rare_->handlers) return false;
  auto const found = rare_->handlers->find(event);
  if (found == rare_->handlers->end() || !found->second.remove(handler)) return false;
  if (found->second.empty()) rare_->handlers->erase(found);
  return true;
}

void Socket::remove_all_listeners() {
  if (!rare_) return;
  if (rare_->handlers) rare_->handlers->clear();
  rare_->disconnecting.clear();
  rare_->disconnect.clear();
  rare_->errors.clear();
}

namespace {

ListenerId append(socketio::SocketState& rare,
                  socketio::ListenerList<socketio::SocketState::AnyFunction const>& listeners,
                  Socket::AnyListener listener) {
  auto const id = rare.next_listener();
  listeners.append(id, std::make_shared<Socket::AnyListener const>(std::move(listener)));
  return id;
}

ListenerId prepend(socketio::SocketState& rare,
                   socketio::ListenerList<socketio::SocketState::AnyFunction const>& listeners,
                   Socket::AnyListener listener) {
  auto const id = rare.next_listener();
  listeners.prepend(id, std::make_shared<Socket::AnyListener const>(std::move(listener)));
  return id;
}

}  // namespace

ListenerId Socket::on_any(AnyListener listener) {
  return append(state(), state().any, std::move(listener));
}

ListenerId Socket::prepend_any(AnyListener listener) {
  return prepend(state(), state().any, std::move(listener));
}

void Socket::off_any(ListenerId listener) {
  if (rare_) rare_->any.remove(listener);
}

void Socket::off_any() {
  if (rare_) rare_->any.clear();
}

std::size_t Socket::any_listeners() const noexcept {
  return rare_ ? rare_->any.size() : 0;
}

std::size_t Socket::any_outgoing_listeners() const noexcept {
  return rare_ ? rare_->any_outgoing.size() : 0;
}

ListenerId Socket::on_any_outgoing(AnyListener listener) {
  if (!listens_to_outgoing()) adapter_->listener_added();
  return append(state(), state().any_outgoing, std::move(listener));
}

ListenerId Socket::prepend_any_outgoing(AnyListener listener) {
  if (!listens_to_outgoing()) adapter_->listener_added();
  return prepend(state(), state().any_outgoing, std::move(listener));
}

void Socket::off_any_outgoing(ListenerId listener) {
  if (!listens_to_outgoing()) return;
  rare_->any_outgoing.remove(listener);
  if (!listens_to_outgoing()) adapter_->listener_removed();
}

void Socket::off_any_outgoing() {
  if (!listens_to_outgoing()) return;
  rare_->any_outgoing.clear();
  adapter_->listener_removed();
}

void Socket::add_middleware(socketio::EventMiddleware middleware) {
  auto& rare = state();
  if (middleware.asked && !rare.gate) rare.gate = std::make_unique<socketio::EventGate>(*this);
  rare.middlewares.append(rare.next_listener(),
                          std::make_shared<socketio::EventMiddleware const>(std::move(middleware)));
}

void Socket::on_error(std::function<void(std::string_view)> listener) {
  auto& rare = state();
  rare.errors.append(rare.next_listener(),
                     std::make_shared<socketio::SocketState::ErrorFunction const>(std::move(listener)));
}

void Socket::tell_outgoing(std::string_view event, Args const& args) {
  rare_->any_outgoing.snapshot().each(
      [&](auto& listener) { socketio::call_for(*this, event, listener, event, args); });
}

}}  // namespace aerie::v1
