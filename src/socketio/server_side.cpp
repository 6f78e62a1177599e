#include "socketio/cluster_requests.hpp"
#include "socketio/event_name.hpp"
#include "socketio/server_link.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/server_side.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

constexpr std::chrono::milliseconds answer_timeout{5'000};

std::shared_ptr<socketio::ClusterMessage> server_side_message(Namespace const& nsp,
                                                              socketio::ServerLink const& server,
                                                              std::string_view event, ArgsRef args) {
  auto message = std::make_shared<socketio::ClusterMessage>(
      socketio::ClusterMessage{.action = socketio::ClusterAction::server_side, .nsp = nsp.name()});
  message->payload = server.payload_of(event, args);
  server.trace(*message);
  return message;
}

}  // namespace

struct ServerSideAck::State {
  explicit State(std::function<void(Value)> function) : give(std::move(function)) {}
  std::function<void(Value)> give;
  std::atomic<bool> answered{false};
};

ServerSideAck::ServerSideAck(std::function<void(Value)> give)
    : state_(std::make_shared<State>(std::move(give))) {}

void ServerSideAck::answer(Value value) const {
  if (state_ && !state_->answered.exchange(true, std::memory_order_acq_rel)) state_->give(std::move(value));
}

void socketio::server_side_failed(Logger const& log, std::string_view event,
                                  std::exception_ptr const& error) noexcept {
  core::report_exception(log, {"socket.io", "a handler of the servers' event", event}, error);
}

bool ServerSideEmitter::emit_args(std::string_view event, ArgsRef args) const {
  socketio::require_server_side(event);
  auto const& server = *nsp_->server_;
  if (!server.in_cluster()) return true;
  return server.run(0, [message = server_side_message(*nsp_, server, event, args)](
                           socketio::ShardNode& node) { node.tell_servers(message); });
}

bool ServerSideEmitter::emit_args(std::string_view event, ArgsRef args,
                                  UniqueFunction<void(BroadcastReply)> on_reply) const {
  socketio::require_server_side(event);
  auto const& server = *nsp_->server_;
  auto const timeout = timeout_.value_or(answer_timeout);
  auto const message = server_side_message(*nsp_, server, event, args);
  message->options.timeout = timeout;
  auto const answered = std::make_shared<UniqueFunction<void(BroadcastReply)>>(std::move(on_reply));
  auto const asked = server.run(0, [message, timeout, answered](socketio::ShardNode& origin) {
    auto const& log = origin.shard().runtime().log();
    auto request = std::make_unique<socketio::ServerSideRequest>([&log, answered](BroadcastReply reply) {
      core::call_user(log, {"socket.io", "the callback of a server-side emit"}, *answered, std::move(reply));
    });
    message->request = origin.open_request(std::move(request), timeout);
    origin.tell_servers(message);
  });
  if (!asked) static_cast<void>(core::try_user(*answered, BroadcastReply{.error = AckError::disconnected}));
  return asked;
}

}}  // namespace aerie::v1
