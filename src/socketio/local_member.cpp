#include "socketio/local_member.hpp"

#include "socketio/conditions.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/logged_recovery.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/tracing.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/random.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

/// How long servers are waited for where nobody has said it.
constexpr core::Milliseconds default_timeout{5'000};

std::string new_server_id() {
  auto const random = core::random_bytes<8>();
  return core::hex({random.data(), random.size()});
}

}  // namespace

/// A request of another server that this one is answering: its shards have been asked.
struct LocalMember::Answering {
  Answering(LocalMember& of, std::uint64_t own_number, ClusterMessage const& message, Respond to,
            std::size_t asked)
      : member(of), number(own_number), request(message.request), respond(std::move(to)), unanswered(asked) {}
  void expired() { member.close_answering(number); }

  LocalMember& member;
  std::uint64_t number;
  RequestId request;
  Respond respond;
  std::size_t unanswered;  // shards
  std::size_t clients = 0;
  std::size_t acks = 0;
  std::vector<SocketDetails> sockets{};
  core::Timer timer = core::Timer::calling<&Answering::expired>(this);
};

/// Somebody wants to know how many servers there are.
struct LocalMember::Count {
  explicit Count(core::Shard& shard) : question(shard) {}
  core::Question<std::size_t> question;
};

LocalMember::LocalMember(ServerState& server, core::Shard& home, AdapterFactory const& factory)
    : server_(server), home_(home), id_(new_server_id()) {
  if (!factory) return;
  adapter_ = factory(*this);
  if (!adapter_) return;
  room_interest_ = adapter_->room_interest();
  state_ = ClusterState::starting;
}

LocalMember::~LocalMember() = default;

Logger const& LocalMember::log() const noexcept {
  return home_.runtime().log();
}

template <class Call>
bool LocalMember::call(std::string_view what, Call&& call) {
  return core::call_user(log(), {"socket.io", what}, std::forward<Call>(call));
}

// --- The adapter's life

void LocalMember::open() {
  if (!adapter_ || open_) return;
  open_ = true;
  report(ClusterState::starting, {});
  call("the adapter's open", [&] { adapter_->open(); });
  for (auto const& [name, count] : namespaces_) {
    if (count > 0)
      call("the adapter's namespace_created",
           [&, name = std::string_view(name)] { adapter_->namespace_created(name); });
  }
}

void LocalMember::close(UniqueFunction<void()> done) {
  if (!adapter_ || !open_) return done();
  open_ = false;
  report(ClusterState::closed, {});
  auto const told = std::make_shared<UniqueFunction<void()>>(std::move(done));
  auto const tell = [told] {
    if (auto const once = std::exchange(*told, nullptr)) once();
  };
  if (!call("the adapter's close", [&] { adapter_->close(tell); })) tell();
}

void LocalMember::drop_adapter() noexcept {
  open_ = false;
  answering_.clear();
  counts_.clear();
  adapter_.reset();
}

// --- What the server has for the cluster

void LocalMember::publish(std::shared_ptr<ClusterMessage const> const& message) {
  if (!adapter_) {
    // There is nobody else.
    if (message->request != 0) expect(message->request, std::size_t{0});
    return;
  }
  auto const is_request = message->request != 0;
  Publishing publishing(home_, *message);
  auto const taken = open_ && call("the adapter", [&] {
                       is_request ? adapter_->request(message) : adapter_->publish(message);
                     });
  if (taken) return;
  publishing.fail();
  if (is_request) unreachable(message->request);
  if (open_) count_lost(1);
}

void LocalMember::request_ended(RequestId request) {
  if (open_) call("the adapter's request_ended", [&] { adapter_->request_ended(request); });
}

void LocalMember::count_servers(UniqueFunction<void(std::size_t)> done) {
  if (!open_) return done(1);
  auto const number = ++last_count_;
  auto& count = *(counts_[number] = std::make_unique<Count>(home_));
  auto const reply = count.question.ask(
      default_timeout, [this, number, done = std::move(done)](std::optional<std::size_t> servers) {
        auto const found = counts_.find(number);
        auto ended = std::move(found->second);
        counts_.erase(found);
        home_.retire(std::move(ended));
        done(servers.value_or(1));
      });
  if (!call("the adapter's count_servers", [&] { adapter_->count_servers(reply); })) reply(1);
}

void LocalMember::namespace_changed(std::string const& name, bool made) {
  if (!adapter_) return;
  auto& count = namespaces_[name];
  count += made ? 1 : -1;
  auto const now = count;
  if (now == 0) namespaces_.erase(name);
  if (!open_) return;
  if (made && now == 1)
    call("the adapter's namespace_created",
         [&, name = std::string_view(name)] { adapter_->namespace_created(name); });
  if (!made && now == 0) call("the adapter's namespace_closed", [&] { adapter_->namespace_closed(name); });
}

void LocalMember::room_changed(std::string const& nsp, std::string const& room, bool begun) {
  if (!rooms_.changed(nsp, room, begun) || !open_) return;
  if (begun) {
    call("the adapter's room_created", [&] { adapter_->room_created(nsp, room); });
  } else {
    call("the adapter's room_deleted", [&] { adapter_->room_deleted(nsp, room); });
  }
}

// --- What comes from other servers

bool LocalMember::deliver(ClusterMessage message) {
  auto const carries_event =
      message.action == ClusterAction::broadcast || message.action == ClusterAction::server_side;
  if (message.action == ClusterAction::fetch || message.action > ClusterAction::server_side ||
      (carries_event && !message.payload))
    return malformed();
  auto const nsp = server_.namespaces().find(message.nsp);
  if (!nsp) return true;
  SpanScope const scope(home_, span_of_message(home_, message));
  message.request = 0;
  if (message.action == ClusterAction::server_side) {
    tell_server_side(*nsp, message, {});
    return true;
  }
  auto const local = std::make_shared<LocalMessage>(std::move(message), nsp);
  local->set_from_elsewhere();
  auto& node = server_.node(home_);
  // What comes past a log has no place in it.
  if (auto* const recovery = node.recovery();
      recovery != nullptr && !recovery->shared().is_logged() && is_kept(*local)) {
    local->retain(recovery->shared().next(node.index()));
  }
  node.do_everywhere(local, nullptr);
  return true;
}

/// Whether those who come back are sent it.
bool LocalMember::is_kept(LocalMessage const& message) const {
  return message.action == ClusterAction::broadcast && !message.options.is_volatile &&
         message.space->rule_for(message.payload.event()) == nullptr;
}

bool LocalMember::deliver_logged(ClusterMessage message, LogPosition at, bool is_own) {
  auto& node = server_.node(home_);
  auto const nsp = server_.namespaces().find(message.nsp);
  if (node.recovery() == nullptr || !node.recovery()->shared().is_logged())
    return is_own || deliver(std::move(message));
  if (!nsp) {
    // Should it come to be again, what has passed by is not known.
    log_begins(message.nsp, {});
    return true;
  }
  if (message.action > ClusterAction::disconnect ||
      (message.action == ClusterAction::broadcast && !message.payload)) {
    return malformed();
  }
  if (is_own && !holds(Condition::write_ahead)) return true;
  SpanScope const scope(home_, is_own ? Span() : span_of_message(home_, message));
  message.request = 0;
  auto const local = std::make_shared<LocalMessage>(std::move(message), nsp);
  local->set_from_elsewhere();
  if (is_kept(*local)) {
    local->retain_at(at);
  } else if (is_own && local->action == ClusterAction::broadcast) {
    // It was for others, and is done here.
    return true;
  }
  node.do_everywhere(local, nullptr);
  return true;
}

/// That of the first shard; null if no sessions are kept beside a log.
LoggedRecovery* LocalMember::logged_recovery() {
  auto* const recovery = server_.node(home_).recovery();
  if (recovery == nullptr || !recovery->shared().is_logged()) return nullptr;
  return static_cast<LoggedRecovery*>(recovery);
}

/// `tell(LoggedRecovery&, nsp)` on every shard, behind what was delivered there before.
template <class Tell>
void LocalMember::tell_of_log(std::string_view nsp, Tell tell) {
  auto* const first = logged_recovery();
  if (first == nullptr) return;
  for (std::size_t i = 1; i < server_.link().node_count(); ++i) {
    server_.link().post(i, 0, [name = std::string(nsp), tell](ShardNode& other) {
      tell(static_cast<LoggedRecovery&>(*other.recovery()), name);
    });
  }
  tell(*first, nsp);
}

void LocalMember::log_read(std::string_view nsp, LogPosition at) {
  tell_of_log(nsp, [at](LoggedRecovery& recovery, std::string_view name) { recovery.passed(name, at); });
}

void LocalMember::log_lost(std::string_view nsp, LogPosition at) {
  tell_of_log(nsp, [at](LoggedRecovery& recovery, std::string_view name) { recovery.lose(name, at); });
}

void LocalMember::session_taken(std::string_view pid) {
  auto const& recovery = server_.recovery();
  auto const shard = recovery ? recovery->find(pid) : std::nullopt;
  if (!shard) return;
  server_.link().post(*shard, 0, [pid = std::string(pid)](ShardNode& node) {
    static_cast<LoggedRecovery&>(*node.recovery()).check(pid);
  });
}

void LocalMember::log_begins(std::string_view nsp, LogPosition at) {
  auto* const recovery = logged_recovery();
  if (recovery == nullptr || (at.is_begin() && !recovery->knows(nsp))) return;
  tell_of_log(nsp, [at](LoggedRecovery& each, std::string_view name) { each.begin(name, at); });
}

void LocalMember::append(std::shared_ptr<LocalMessage const> const& message) {
  auto* const log = event_log();
  auto const tell = [message](bool logged) {
    if (message->on_logged) message->on_logged(logged);
  };
  Publishing publishing(home_, *message);
  if (open_ && log != nullptr && call("the adapter", [&] { log->append(message, tell); })) return;
  publishing.fail();
  if (open_) count_lost(1);
  tell(false);
}

bool LocalMember::answer(ClusterMessage message, Respond respond) {
  auto const is_fetch = message.action == ClusterAction::fetch;
  if (message.request == 0 || (!is_fetch && !message.payload)) return malformed();
  auto const is_broadcast = message.action == ClusterAction::broadcast;
  if (!is_fetch && !is_broadcast && message.action != ClusterAction::server_side) return malformed();
  auto const nsp = server_.namespaces().find(message.nsp);
  if (!nsp) {
    // It has no sockets there, and nobody who could say anything else.
    if (is_fetch || is_broadcast) {
      respond({.type = is_fetch ? ClusterResponse::Type::sockets : ClusterResponse::Type::client_count,
               .request = message.request,
               .server = id_});
    }
    return true;
  }
  SpanScope const scope(home_, span_of_message(home_, message));
  auto const number = ++last_answering_;
  auto const asked = is_fetch || is_broadcast ? server_.link().node_count() : 0;
  auto& answering =
      *(answering_[number] = std::make_unique<Answering>(*this, number, message, std::move(respond), asked));
  home_.start(answering.timer, message.options.timeout.value_or(default_timeout));
  if (message.action == ClusterAction::server_side) {
    ServerSideAck const ack([link = server_.link().shared_from_this(), number](Value value) {
      link->run_on_first([number, value = std::move(value)](ShardNode& first) mutable {
        first.server().member().answered_by_shard(
            number, {.type = ClusterResponse::Type::server_side, .answer = std::move(value)});
      });
    });
    tell_server_side(*nsp, message, ack);
    return true;
  }
  if (is_broadcast && !message.options.timeout) message.options.timeout = default_timeout;
  auto const local = std::make_shared<LocalMessage>(std::move(message), nsp);
  local->set_from_elsewhere();
  if (is_broadcast) local->ack = std::const_pointer_cast<Namespace>(nsp)->next_ack();
  server_.node(home_).do_everywhere(
      local, [link = server_.link().shared_from_this(), number](ClusterResponse response) {
        link->run_on_first(
            [number, response = std::make_unique<ClusterResponse>(std::move(response))](ShardNode& first) {
              first.server().member().answered_by_shard(number, std::move(*response));
            });
      });
  return true;
}

void LocalMember::answered_by_shard(std::uint64_t number, ClusterResponse response) {
  auto const found = answering_.find(number);
  if (found == answering_.end()) return;
  auto& answering = *found->second;
  response.request = answering.request;
  response.server = id_;
  auto const give = [&](ClusterResponse whole) {
    call("the adapter's callback for an answer", [&] { answering.respond(std::move(whole)); });
  };
  using Type = ClusterResponse::Type;
  switch (response.type) {
    case Type::sockets:
      std::ranges::move(response.sockets, std::back_inserter(answering.sockets));
      if (--answering.unanswered > 0) return;
      response.sockets = std::move(answering.sockets);
      give(std::move(response));
      break;
    case Type::client_count:
      answering.clients += response.client_count;
      if (--answering.unanswered > 0) return;
      response.client_count = answering.clients;
      give(std::move(response));
      if (answering.acks < answering.clients) return;
      break;
    case Type::ack:
      ++answering.acks;
      give(std::move(response));
      if (answering.unanswered > 0 || answering.acks < answering.clients) return;
      break;
    case Type::server_side:
      give(std::move(response));
      break;
  }
  close_answering(number);
}

void LocalMember::close_answering(std::uint64_t number) {
  auto const found = answering_.find(number);
  if (found == answering_.end()) return;
  auto ended = std::move(found->second);
  answering_.erase(found);
  ended->timer.cancel();
  home_.retire(std::move(ended));
}

void LocalMember::tell_server_side(Namespace const& nsp, ClusterMessage const& message,
                                   ServerSideAck const& ack) {
  auto elements = message.payload.values();
  auto const name = elements.front().is_string() ? std::string(elements.front().as_string()) : std::string();
  elements.erase(elements.begin());
  Args const args(std::move(elements));
  ServerSideEvent const event{name, args, ack, server_.node(home_).tasks(), log()};
  nsp.tell_server_side(event);
}

// --- What becomes of this server's own requests

void LocalMember::expect(RequestId request, std::size_t others) {
  server_.node(home_).with_request(request, [others](ClusterRequest& open) { open.expect(others); });
}

void LocalMember::expect(RequestId request, std::vector<std::string> others) {
  server_.node(home_).with_request(
      request, [others = std::move(others)](ClusterRequest& open) { open.expect(others); });
}

void LocalMember::gone(RequestId request, std::string_view server) {
  server_.node(home_).with_request(
      request, [server = std::string(server)](ClusterRequest& open) { open.gone(server); });
}

void LocalMember::unreachable(RequestId request) {
  server_.node(home_).with_request(request, [](ClusterRequest& open) { open.unreachable(); });
}

void LocalMember::answered(ClusterResponse response) {
  auto const request = response.request;
  server_.node(home_).with_request(
      request, [response = std::make_shared<ClusterResponse>(std::move(response))](ClusterRequest& open) {
        open.answered(std::move(*response));
      });
}

// --- What it tells its users

void LocalMember::report(ClusterState state, std::string_view reason) {
  std::scoped_lock const lock(mutex_);
  state_ = state;
  reason_ = reason;
}

ClusterStatus LocalMember::status() const {
  ClusterStatus status;
  {
    std::scoped_lock const lock(mutex_);
    status.state = state_;
    status.reason = reason_;
  }
  status.sent = sent_.load(std::memory_order_relaxed);
  status.received = received_.load(std::memory_order_relaxed);
  status.lost = lost_.load(std::memory_order_relaxed);
  status.malformed = malformed_.load(std::memory_order_relaxed);
  status.refused = refused_.load(std::memory_order_relaxed);
  status.id_conflicts = id_conflicts_.load(std::memory_order_relaxed);
  return status;
}

}}}  // namespace aerie::v1::socketio
