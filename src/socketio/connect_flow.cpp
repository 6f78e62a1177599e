#include "socketio/connect_flow.hpp"

#include "socketio/auth.hpp"
#include "socketio/client.hpp"
#include "socketio/conditions.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/tracing.hpp"
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

/// Who has waited so long for what others say is let in without it.
constexpr core::Milliseconds longest_wait{5'000};

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
      session_(shard_),
      entry_(shard_) {}

ConnectFlow::~ConnectFlow() = default;

// --- Which namespace it is

void ConnectFlow::begin_span() {
  if (auto said = trace_of(auth_, client_->session().request()))
    trace_ = std::make_unique<TraceContext>(std::move(*said));
  span_.hold(span_of_connect(shard_, name_, trace_.get()));
}

void ConnectFlow::start() {
  if (client_->node().traces() && !span_.span()) begin_span();
  MaybeScope const scope(span_.span());
  if (enter(nullptr)) return;
  parents_ = client_->node().server().namespaces().parents();
  ask_parent(0);
}

/// Enters the namespace, or makes it for `parent`. False if there is none, and no parent to make it.
bool ConnectFlow::enter(ParentNamespace* parent) {
  auto& namespaces = client_->node().server().namespaces();
  while (true) {
    auto acquired = namespaces.acquire(name_, parent);
    // By a listener to new namespaces.
    if (is_abandoned()) {
      if (acquired.nsp) namespaces.release(*acquired.nsp);
      return true;
    }
    switch (acquired.found) {
      case NamespaceRegistry::Found::yes:
        join(std::move(acquired.nsp));
        return true;
      case NamespaceRegistry::Found::no:
        return false;
      case NamespaceRegistry::Found::failed:
        refuse(EntryRefusal::error, internal_error);
        return true;
      case NamespaceRegistry::Found::being_made:
        break;
    }
    // Another shard is telling its listeners: nobody gets in before these have added their guards.
    auto made = namespace_.ask(time_left(), [this, parent](std::optional<bool> in_time) {
      if (!in_time) return refuse(EntryRefusal::timeout, too_late);
      // It may be forgotten again, if its last socket has left meanwhile: then a parent makes it anew.
      if (!enter(parent)) start();
    });
    if (namespaces.wait_for(name_, std::move(made))) return true;
    namespace_.withdraw();
  }
}

void ConnectFlow::ask_parent(std::size_t index) {
  if (index == parents_.size()) return refuse(EntryRefusal::no_namespace, "Invalid namespace");
  auto* const parent = parents_[index];
  Value auth;
  if (!auth_.empty()) static_cast<void>(read_auth(auth_, type_ops<Value>, &auth));
  auto const accept = namespace_.ask(time_left(), [this, index, parent](std::optional<bool> matches) {
    if (!matches) return refuse(EntryRefusal::timeout, too_late);
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
  return Handshake(session.request(), session.peer(), session.secure(), shard_.clock().wall(), auth_);
}

void ConnectFlow::join(std::shared_ptr<Namespace> nsp) {
  auto const of = [](HandlerSet const& handlers) {
    return handlers.middlewares.snapshot(handlers.callers());
  };
  try {
    if (auto const* const parent = nsp->parent_handlers()) of_parent_ = of(*parent);
    of_namespace_ = of(nsp->handler_set());
  } catch (...) {
    client_->node().server().namespaces().release(*nsp);
    throw;
  }
  // Clients of Socket.IO 2 know nothing of sessions.
  if (client_->node().recovery() != nullptr && !client_->is_of_v2()) return restore(std::move(nsp));
  make_socket(*nsp, {});
  ask_middleware();
}

/// From now on it is the socket that gives the namespace back.
void ConnectFlow::make_socket(Namespace& nsp, std::string_view id) {
  try {
    socket_ = std::make_shared<Socket>(*client_, nsp.adapter(shard_), id, handshake());
  } catch (...) {
    client_->node().server().namespaces().release(nsp);
    throw;
  }
  if (trace_) socket_->state().trace = std::move(trace_);
}

/// Nobody enters before it is known from where on he hears everything: what was said meanwhile would be
/// missed in silence.
void ConnectFlow::restore(std::shared_ptr<Namespace> nsp) {
  restoring_ = std::move(nsp);
  auto& recovery = *client_->node().recovery();
  if (recovery.has_begun(*restoring_)) return claim();
  recovery.await_begin(*restoring_, namespace_.ask(std::min(longest_wait, time_left()),
                                                   [this](std::optional<bool>) { claim(); }));
}

/// Asks for the session that the client had before, if it speaks of one.
void ConnectFlow::claim() {
  auto const claim = SessionClaim::in(auth_);
  if (!claim) return go_on({.outcome = Recovery::none});
  auto const reply = session_.ask(time_left(), [this](std::optional<ClaimedSession> claimed) {
    if (!claimed) return refuse(EntryRefusal::timeout, too_late);
    if (claimed->is_contended) return client_->session().close(true);
    go_on(std::move(*claimed));
  });
  client_->node().recovery()->claim(restoring_, *claim, reply);
}

void ConnectFlow::go_on(ClaimedSession claimed) {
  claimed_ = std::move(claimed);
  auto const nsp = std::exchange(restoring_, nullptr);
  auto const is_recovered = claimed_.outcome == Recovery::recovered;
  make_socket(*nsp, is_recovered ? std::string_view(claimed_.sid) : std::string_view());
  socket_->recovery_ = claimed_.outcome;
  if (!is_recovered) return ask_middleware();
  auto& adapter = nsp->adapter(shard_);
  if (std::ranges::find(claimed_.rooms, claimed_.sid) == claimed_.rooms.end())
    adapter.leave(*socket_, claimed_.sid);
  for (auto const& room : claimed_.rooms)
    adapter.join(*socket_, room);
  if (is_abandoned()) return;  // by a listener to rooms
  if (!claimed_.data.is_undefined()) socket_->data() = std::move(claimed_.data);
  auto const& recovery = client_->node().recovery()->shared().options();
  auto const skips = recovery.skip_middlewares || !holds(Condition::middlewares);
  skips ? finish() : ask_middleware();
}

std::shared_ptr<Middleware const> ConnectFlow::next_middleware() {
  auto const index = asked_++;
  if (index < of_parent_.size()) return of_parent_.share(index);
  auto const rest = index - of_parent_.size();
  return rest < of_namespace_.size() ? of_namespace_.share(rest) : nullptr;
}

void ConnectFlow::ask_middleware() {
  MaybeScope const scope(span_.span());
  auto const middleware = next_middleware();
  if (!middleware) return finish();
  auto const reply = entry_.ask(time_left(), [this](std::optional<Verdict> verdict) {
    if (!verdict) return refuse(EntryRefusal::timeout, too_late);
    if (verdict->refusal)
      return refuse(EntryRefusal::middleware, verdict->refusal->what(), verdict->refusal->data());
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
  MaybeScope const scope(span_.span());
  if (span_.span()) span_.span().set("messaging.client.id", std::string(socket_->id()));
  std::exchange(client_, nullptr)->connected(*this, std::move(socket_), claimed_);
  if (span_.span()) span_.span().end();
}

/// `data` is that of a middleware.
void ConnectFlow::refuse(EntryRefusal why, std::string_view message, std::optional<Value> const& data) {
  auto* const client = client_;
  client->node().counts().count(why);
  std::string const text(message);
  auto const kept = data;
  auto const entered = socket_ != nullptr;
  if (span_.span()) span_.span().fail(text);
  if (span_.span()) span_.span().end();
  abandon();
  client->refused(*this, name_, {text, kept ? &*kept : nullptr}, entered);
}

void ConnectFlow::abandon() {
  namespace_.withdraw();
  session_.withdraw();
  entry_.withdraw();
  if (restoring_) client_->node().server().namespaces().release(*std::exchange(restoring_, nullptr));
  client_ = nullptr;
  if (span_.span()) span_.span().end();
  if (socket_) socket_->abandoned();
}

}}}  // namespace aerie::v1::socketio
