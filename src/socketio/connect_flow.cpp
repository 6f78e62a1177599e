#include "socketio/connect_flow.hpp"

#include "socketio/auth.hpp"
#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/session.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

constexpr std::string_view too_late = "timeout";

}  // namespace

ConnectFlow::ConnectFlow(Client& client, std::string name, std::string auth)
    : client_(&client),
      shard_(client.node().shard()),
      name_(std::move(name)),
      auth_(std::move(auth)),
      auth_size_(auth_.size()),
      charge_(shard_.account(), sizeof *this + auth_size_),
      deadline_(shard_.now() + client.node().server().options().middleware_timeout),
      namespace_(shard_),
      entry_(shard_) {}

ConnectFlow::~ConnectFlow() = default;

// --- Which namespace it is

void ConnectFlow::start() {
  if (enter(nullptr)) return;
  parents_ = client_->node().server().namespaces().parents();
  ask_parent(0);
}

/// Enters the namespace, or makes it for `parent`. False if there is none, and no parent to make it.
bool ConnectFlow::enter(ParentNamespace* parent) {
  auto& namespaces = client_->node().server().namespaces();
  while (true) {
    auto acquired = namespaces.acquire(name_, parent);
    switch (acquired.found) {
      case NamespaceRegistry::Found::yes:
        join(std::move(acquired.nsp));
        return true;
      case NamespaceRegistry::Found::no:
        return false;
      case NamespaceRegistry::Found::failed:
        refuse(internal_error);
        return true;
      case NamespaceRegistry::Found::being_made:
        break;
    }
    // Another shard is telling its listeners: nobody gets in before these have added their guards.
    auto made = namespace_.ask(time_left(), [this, parent](std::optional<bool> in_time) {
      if (!in_time) return refuse(too_late);
      // It may be forgotten again, if its last socket has left meanwhile: then a parent makes it anew.
      if (!enter(parent)) start();
    });
    if (namespaces.wait_for(name_, std::move(made))) return true;
    namespace_.withdraw();
  }
}

void ConnectFlow::ask_parent(std::size_t index) {
  if (index == parents_.size()) return refuse("Invalid namespace");
  auto* const parent = parents_[index];
  Value auth;
  if (!auth_.empty()) static_cast<void>(read_auth(auth_, type_ops<Value>, &auth));
  auto const accept = namespace_.ask(time_left(), [this, index, parent](std::optional<bool> matches) {
    if (!matches) return refuse(too_late);
    if (!*matches) return ask_parent(index + 1);
    enter(parent);
  });
  if (!core::call_user(shard_.runtime().log(), {"socket.io", "the namespace predicate", name_},
                       parent->matches_, name_, auth, accept)) {
    accept(false);
  }
}

// --- Whether it may enter

Handshake ConnectFlow::handshake() {
  auto const& session = client_->session();
  return Handshake(session.request(), session.peer(), session.secure(), shard_.clock().wall(),
                   std::move(auth_));
}

void ConnectFlow::join(std::shared_ptr<Namespace> nsp) {
  auto const of = [](HandlerSet const& handlers) {
    return handlers.middlewares.snapshot(handlers.callers());
  };
  if (auto const* const parent = nsp->parent_handlers()) of_parent_ = of(*parent);
  of_namespace_ = of(nsp->handler_set());
  socket_ = std::make_shared<Socket>(*client_, nsp->adapter(shard_), client_->id_in(name_), handshake());
  ask_middleware();
}

std::shared_ptr<Middleware const> ConnectFlow::next_middleware() {
  auto const index = asked_++;
  if (index < of_parent_.size()) return of_parent_.share(index);
  auto const rest = index - of_parent_.size();
  return rest < of_namespace_.size() ? of_namespace_.share(rest) : nullptr;
}

void ConnectFlow::ask_middleware() {
  auto const middleware = next_middleware();
  if (!middleware) return finish();
  auto const reply = entry_.ask(time_left(), [this](std::optional<Verdict> verdict) {
    if (!verdict) return refuse(too_late);
    if (verdict->refusal) return refuse(verdict->refusal->what(), verdict->refusal->data());
    ask_middleware();
  });
  auto const socket = socket_;
  auto const outcome = core::try_user(*middleware, *socket, Next(reply));
  if (!outcome) reply({refusal_of(*socket, outcome.error())});
}

core::Milliseconds ConnectFlow::time_left() const {
  auto const left = std::chrono::ceil<core::Milliseconds>(deadline_ - shard_.now());
  return std::max(left, core::Milliseconds{0});
}

// --- Ends

void ConnectFlow::finish() {
  std::exchange(client_, nullptr)->connected(*this, std::move(socket_));
}

/// `data` is that of a middleware.
void ConnectFlow::refuse(std::string_view message, std::optional<Value> const& data) {
  auto* const client = client_;
  std::string const text(message);
  auto const kept = data;
  auto const entered = socket_ != nullptr;
  abandon();
  client->refused(*this, name_, {text, kept ? &*kept : nullptr}, entered);
}

void ConnectFlow::abandon() {
  namespace_.withdraw();
  entry_.withdraw();
  client_ = nullptr;
  if (socket_) socket_->abandoned();
}

}}}  // namespace aerie::v1::socketio
