#include "socketio/cluster_requests.hpp"
#include "socketio/conditions.hpp"
#include "socketio/event_name.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_link.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/namespace.hpp>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace {

using socketio::LocalMessage;
using socketio::ServerLink;
using socketio::ShardNode;

// Acknowledgements without a limit would be waited for as long as the slowest client lives.
constexpr std::chrono::milliseconds default_ack_timeout{10'000};
constexpr std::chrono::milliseconds server_timeout{5'000};

void append(std::vector<std::string>& to, socketio::RoomList rooms) {
  for (auto& room : std::move(rooms).take())
    to.push_back(std::move(room));
}

std::vector<Value> values_of(ArgsRef args) {
  std::vector<Value> values;
  for (auto const& arg : args)
    values.push_back(to_value(arg));
  return values;
}

/// An event for every shard, for the listeners to what is sent there, and for the other servers.
std::shared_ptr<LocalMessage> event_message(ServerLink const& server,
                                            std::shared_ptr<Namespace const> const& nsp,
                                            socketio::Target const& target,
                                            socketio::EmitOptions const& options, std::string_view event,
                                            ArgsRef args, std::optional<std::uint64_t> ack = std::nullopt) {
  auto message = std::make_shared<LocalMessage>(
      socketio::ClusterMessage{.nsp = nsp->name(), .target = target, .options = options}, nsp);
  server.trace(*message);
  message->ack = ack;
  if (!ack) message->rule = nsp->rule_for(event);
  message->own_packets().encode(
      server.parsers(),
      {.nsp = nsp->name(), .id = ack, .data = socketio::PacketData(event, args), .is_broadcast = true});
  if (nsp->has_outgoing_listeners()) {
    message->event = event;
    message->args = values_of(args);
  }
  return message;
}

Task<std::set<std::string>> ids_of(Task<FetchedSockets> fetching) {
  auto const fetched = co_await std::move(fetching);
  std::set<std::string> ids;
  for (auto const& socket : fetched)
    ids.insert(socket.id());
  co_return ids;
}

/// Calls what waits for the answers.
void give_reply(Logger const& log, UniqueFunction<void(BroadcastReply)> const& on_reply,
                BroadcastReply reply) {
  core::call_user(log, {"socket.io", "the callback of a broadcast"}, on_reply, std::move(reply));
}

/// Lets every shard do what a message without a request asks for. A thread outside the runtime posts it to
/// each of them, not to the first one, which would pass it on: so it is everywhere before whatever that
/// thread posts next, or lets somebody post, and an event arrives before the answer that was given after it.
/// False if a shard does not take it.
bool carry_out(ServerLink const& server, std::shared_ptr<LocalMessage const> const& message) {
  if (auto* const node = server.here()) {
    node->originate(message);
    return true;
  }
  bool taken = true;
  for (std::size_t i = 0; i < server.node_count(); ++i) {
    taken = server.post(i, message->own_size(), [message](ShardNode& node) {
      node.receive_from_outside(message);
    }) && taken;
  }
  return taken;
}

/// What comes of a fetch.
struct Fetched {
  std::vector<socketio::SocketDetails> sockets;
  MissingServers missing;
  Fetched(std::vector<socketio::SocketDetails> found, MissingServers not_asked)
      : sockets(std::move(found)), missing(std::move(not_asked)) {}
};

/// Uses nothing of an operator, which may be a temporary that is gone before the task begins to run.
Task<FetchedSockets> fetch(std::shared_ptr<Namespace const> nsp, std::shared_ptr<ServerLink const> server,
                           std::shared_ptr<LocalMessage> message) {
  core::Completion<Fetched> fetched;
  auto give = std::make_shared<core::Completer<Fetched>>(fetched.completer());
  auto const timeout = message->options.timeout.value_or(server_timeout);
  message->options.timeout = timeout;
  auto const asked = server->run(0, [server, message, give, timeout](ShardNode& origin) {
    auto request = std::make_unique<socketio::FetchRequest>(
        server->node_count(), server->in_cluster() && !message->options.local,
        [give](std::vector<socketio::SocketDetails> sockets, MissingServers missing) {
          (*give)(std::move(sockets), std::move(missing));
        });
    message->request = origin.open_request(std::move(request), timeout);
    origin.originate(message);
  });
  // A server that is gone has no sockets.
  if (!asked) (*give)(std::vector<socketio::SocketDetails>(), MissingServers());
  give.reset();
  auto found = co_await fetched;
  std::vector<RemoteSocket> sockets;
  sockets.reserve(found.sockets.size());
  for (auto& each : found.sockets)
    sockets.emplace_back(nsp, std::move(each));
  co_return FetchedSockets(std::move(sockets), std::move(found.missing));
}

}  // namespace

// --- Flags

BroadcastOperator BroadcastOperator::to(socketio::RoomList rooms) const {
  auto copy = *this;
  append(copy.target_.rooms, std::move(rooms));
  return copy;
}

BroadcastOperator BroadcastOperator::except(socketio::RoomList rooms) const {
  auto copy = *this;
  append(copy.target_.except, std::move(rooms));
  return copy;
}

BroadcastOperator BroadcastOperator::compress(bool on) const {
  auto copy = *this;
  copy.options_.compress = on;
  return copy;
}

BroadcastOperator BroadcastOperator::volatile_() const {
  auto copy = *this;
  copy.options_.is_volatile = true;
  return copy;
}

BroadcastOperator BroadcastOperator::local() const {
  auto copy = *this;
  copy.options_.local = true;
  return copy;
}

BroadcastOperator BroadcastOperator::timeout(std::chrono::milliseconds timeout) const {
  auto copy = *this;
  copy.options_.timeout = timeout;
  return copy;
}

// --- What is done

bool BroadcastOperator::emit_args(std::string_view event, ArgsRef args) const {
  socketio::require_not_reserved(event);
  auto const& server = *nsp_->server_;
  auto* const node = server.here();
  auto* const recovery = server.recovery();
  if (node != nullptr &&
      (server.is_alone() || (options_.local && server.node_count() == 1 && recovery == nullptr))) {
    // The usual case needs no message that could be passed on.
    auto& packets = node->scratch_packets();
    packets.encode(node->parsers(), {.nsp = nsp_->name(), .data = socketio::PacketData(event, args)});
    auto& adapter = nsp_->adapter(node->shard());
    adapter.broadcast(packets, target_, options_, nsp_->rule_for(event));
    if (adapter.has_listeners()) adapter.tell_listeners(event, values_of(args), target_);
    return true;
  }
  if (recovery != nullptr && !options_.is_volatile && nsp_->rule_for(event) == nullptr) {
    if (!recovery->is_logged()) return emit_retained(event, args, *recovery, node);
    // What is for this server alone has no place in a log of all.
    if (!options_.local) return emit_logged(event, args, {});
  }
  auto const message = event_message(server, nsp_, target_, options_, event, args);
  if (server.in_cluster() && !options_.local)
    message->payload = server.payload_of(message->own_packets(), nsp_->name(), event, args);
  return carry_out(server, message);
}

void BroadcastOperator::emit_and_tell(std::string_view event, ArgsRef args,
                                      UniqueFunction<void(bool)> on_stored) const {
  socketio::require_not_reserved(event);
  auto const* const recovery = nsp_->server_->recovery();
  auto const is_kept = !options_.is_volatile && nsp_->rule_for(event) == nullptr;
  if (recovery == nullptr || !recovery->is_logged() || options_.local || !is_kept)
    return on_stored(emit_args(event, args) && is_kept);
  auto const tell = std::make_shared<UniqueFunction<void(bool)>>(std::move(on_stored));
  if (!emit_logged(event, args, [tell](bool stored) { (*tell)(stored); })) (*tell)(false);
}

/// Gives an event to the adapter's log. Clients are sent it when it comes from there, at every server in the
/// same order.
bool BroadcastOperator::emit_logged(std::string_view event, ArgsRef args,
                                    std::function<void(bool)> on_logged) const {
  auto const& server = *nsp_->server_;
  auto const message = this->message(LocalMessage::Type::broadcast);
  message->payload = server.payload_of(event, args);
  message->by_log = true;
  message->on_logged = std::move(on_logged);
  if (!socketio::holds(socketio::Condition::write_ahead)) message->set_from_elsewhere();
  return carry_out(server, message);
}

/// The same for an event that those who come back are sent as well, with its offset behind its arguments.
bool BroadcastOperator::emit_retained(std::string_view event, ArgsRef args,
                                      socketio::RecoveryShared& recovery, ShardNode* node) const {
  auto const& server = *nsp_->server_;
  auto const message = std::make_shared<LocalMessage>(
      socketio::ClusterMessage{.nsp = nsp_->name(), .target = target_, .options = options_}, nsp_);
  server.trace(*message);
  auto elements = std::vector<EncodableRef>(args.begin(), args.end());
  if (server.in_cluster() && !options_.local) message->payload = server.payload_of(event, args);
  if (nsp_->has_outgoing_listeners() || node == nullptr) {
    message->event = event;
    message->args = values_of(args);
    // Nothing of the caller's is called while all other threads wait.
    elements.assign(message->args->begin(), message->args->end());
  }
  std::unique_lock lock(recovery.outside_mutex(), std::defer_lock);
  if (node == nullptr) lock.lock();
  message->retain(recovery.next(node != nullptr ? node->index() : recovery.outside()));
  auto const offset = recovery.spelling().write(message->retained->offset);
  elements.emplace_back(offset);
  message->own_packets().encode(
      server.parsers(),
      {.nsp = nsp_->name(), .data = socketio::PacketData(event, elements), .is_broadcast = true},
      socketio::PacketSet::For::all);
  if (!nsp_->has_outgoing_listeners()) message->args.reset();
  return carry_out(server, message);
}

bool BroadcastOperator::emit_args(std::string_view event, ArgsRef args,
                                  UniqueFunction<void(BroadcastReply)> on_reply) const {
  socketio::require_not_reserved(event);
  auto const timeout = options_.timeout.value_or(default_ack_timeout);
  auto const ack = std::const_pointer_cast<Namespace>(nsp_)->next_ack();
  auto message = event_message(*nsp_->server_, nsp_, target_, options_, event, args, ack);
  message->options.timeout = timeout;
  message->single_response = single_response_;
  auto const& server = nsp_->server_;
  auto const in_cluster = server->in_cluster() && !options_.local;
  if (in_cluster) message->payload = server->payload_of(message->own_packets(), nsp_->name(), event, args);
  auto const answered = std::make_shared<UniqueFunction<void(BroadcastReply)>>(std::move(on_reply));
  auto const asked =
      server->run(message->own_size(), [message, timeout, answered, in_cluster](ShardNode& origin) {
        auto const& log = origin.shard().runtime().log();
        auto request = std::make_unique<socketio::AckRequest>(
            origin.server().link().node_count(), in_cluster, message->single_response,
            [&log, answered](BroadcastReply reply) { give_reply(log, *answered, std::move(reply)); });
        message->request = origin.open_request(std::move(request), timeout);
        origin.originate(message);
      });
  // Nobody will be asked: not a thing that a log could be told of without a server.
  if (!asked) static_cast<void>(core::try_user(*answered, BroadcastReply{.error = AckError::disconnected}));
  return asked;
}

Task<FetchedSockets> BroadcastOperator::fetch_sockets() const {
  return fetch(nsp_, nsp_->server_, message(LocalMessage::Type::fetch));
}

Task<std::set<std::string>> BroadcastOperator::all_sockets() const {
  return ids_of(fetch_sockets());
}

void BroadcastOperator::sockets_join(socketio::RoomList rooms) const {
  auto joining = message(LocalMessage::Type::join);
  joining->rooms = std::move(rooms).take();
  send(std::move(joining));
}

void BroadcastOperator::sockets_leave(socketio::RoomList rooms) const {
  auto leaving = message(LocalMessage::Type::leave);
  leaving->rooms = std::move(rooms).take();
  send(std::move(leaving));
}

void BroadcastOperator::disconnect_sockets(bool close) const {
  auto disconnecting = message(LocalMessage::Type::disconnect);
  disconnecting->close = close;
  send(std::move(disconnecting));
}

// Not in its header: g++ 12 compiles a coroutine that is inline in every file that sees it.
Task<bool> BroadcastOperator::wait_until(core::Completion<bool> stored) {
  co_return co_await stored;
}

std::shared_ptr<LocalMessage> BroadcastOperator::message(socketio::ClusterAction action) const {
  auto made = std::make_shared<LocalMessage>(
      socketio::ClusterMessage{.action = action, .nsp = nsp_->name(), .target = target_, .options = options_},
      nsp_);
  nsp_->server_->trace(*made);
  // After what was emitted before, and before what is emitted next.
  auto const* const recovery = nsp_->server_->recovery();
  made->by_log = recovery != nullptr && recovery->is_logged() && !options_.local &&
                 (action == LocalMessage::Type::join || action == LocalMessage::Type::leave ||
                  action == LocalMessage::Type::disconnect);
  return made;
}

void BroadcastOperator::send(std::shared_ptr<LocalMessage const> message) const {
  carry_out(*nsp_->server_, message);
}

BroadcastOperator BroadcastOperator::single_response() const {
  auto copy = *this;
  copy.single_response_ = true;
  return copy;
}

// --- RemoteSocket

socketio::SeenRooms socketio::SeenRooms::of_id_and(std::vector<std::string> others) {
  SeenRooms rooms(std::move(others));
  rooms.id_is_missing_ = true;
  return rooms;
}

std::vector<std::string> const& socketio::SeenRooms::all(std::string const& id) const {
  if (!id_is_missing_) return listed_;
  if (auto const* const all = all_.load(std::memory_order_acquire)) return *all;
  auto made = std::make_unique<std::vector<std::string>>();
  made->reserve(listed_.size() + 1);
  made->push_back(id);
  made->insert(made->end(), listed_.begin(), listed_.end());
  std::vector<std::string> const* first = nullptr;
  // Another thread may have been faster.
  if (!all_.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) return *first;
  return *made.release();
}

RemoteSocket RemoteSocket::timeout(std::chrono::milliseconds timeout) const {
  auto copy = *this;
  copy.timeout_ = timeout;
  return copy;
}

void RemoteSocket::join(socketio::RoomList rooms) const {
  nsp_->to(id()).sockets_join(std::move(rooms));
}
void RemoteSocket::leave(socketio::RoomList rooms) const {
  nsp_->to(id()).sockets_leave(std::move(rooms));
}
void RemoteSocket::disconnect(bool close) const {
  nsp_->to(id()).disconnect_sockets(close);
}

bool RemoteSocket::emit_args(std::string_view event, ArgsRef args) const {
  return nsp_->to(id()).emit_args(event, args);
}

bool RemoteSocket::emit_args(std::string_view event, ArgsRef args,
                             UniqueFunction<void(AckReply)> on_reply) const {
  auto const only = nsp_->to(id()).single_response();
  return (timeout_ ? only.timeout(*timeout_) : only)
      .emit_args(event, args, [on_reply = std::move(on_reply)](BroadcastReply reply) {
        if (!reply.ok()) return on_reply(AckReply(reply.error));
        // It has left since it was fetched.
        if (reply.responses.empty()) return on_reply(AckReply(AckError::disconnected));
        on_reply(AckReply(Args(std::move(reply.responses))));
      });
}

}}  // namespace aerie::v1
