#include "socketio/unanswered_events.hpp"

#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/local_member.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/shard_recovery.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <chrono>

namespace aerie { inline namespace v1 {
namespace socketio {

void UnansweredEvents::add(std::shared_ptr<UnansweredEvent const> event) {
  events_.push_back(std::move(event));
}

bool UnansweredEvents::settle(std::uint64_t ack) noexcept {
  return std::erase_if(events_, [ack](auto const& event) { return event->ack == ack; }) != 0;
}

void UnansweredEvents::trim(std::int64_t now) noexcept {
  std::erase_if(events_, [now](auto const& event) { return event->until <= now; });
}

std::size_t UnansweredEvents::bytes() const noexcept {
  auto bytes = events_.capacity() * sizeof(List::value_type);
  for (auto const& event : events_)
    bytes += sizeof *event + event->payload.json().size() + event->payload.msgpack().size();
  return bytes;
}

// --- Who waits

ClusterResponse AnswerRequest::response(RequestId request, AckReply const& reply) {
  ClusterResponse response{.type = ClusterResponse::Type::ack, .request = request};
  response.error = reply.error();
  std::vector<Value> args;
  for (std::size_t i = 0; i < reply.args().size(); ++i)
    args.push_back(reply.args()[i]);
  response.answer = Value(std::move(args));
  return response;
}

void AnswerRequest::add(ClusterResponse& response) {
  if (is_answered_ || response.type != ClusterResponse::Type::ack) return;
  is_answered_ = true;
  if (response.error != AckError::none) {
    reply_ = AckReply(response.error);
  } else if (response.answer.is_array()) {
    auto const& args = response.answer.as_array();
    reply_ = AckReply(Args(std::vector<Value>(args.begin(), args.end())));
  } else {
    reply_ = AckReply(Args(std::vector<Value>{}));
  }
}

void AnswerRequest::done(bool in_time, MissingServers /*missing*/) {
  core::call_user(log_, {"socket.io", "acknowledgement"}, on_reply_,
                  in_time ? std::move(reply_) : AckReply(AckError::timeout));
}

// --- The sessions of a shard

std::int64_t ShardRecovery::unix_now() const {
  auto const since = node_.shard().clock().wall().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void ShardRecovery::expect(Socket const& socket, std::shared_ptr<UnansweredEvent const> event) {
  auto* const events = unanswered_of(socket);
  if (events == nullptr) return;
  events->add(std::move(event));
  unanswered_changed(socket);
}

void ShardRecovery::settle(Socket const& socket, UnansweredEvent const& event, AckReply const& reply) {
  if (auto* const events = unanswered_of(socket); events != nullptr && events->settle(event.ack))
    unanswered_changed(socket);
  answer(event, reply);
}

void ShardRecovery::answer(UnansweredEvent const& event, AckReply const& reply) {
  auto const response = std::make_shared<ClusterResponse>(AnswerRequest::response(event.request, reply));
  if (event.server == node_.server().member().server_id()) {
    node_.with_request(event.request,
                       [response](ClusterRequest& open) { open.answered(std::move(*response)); });
    return;
  }
  node_.server().link().run_on_first([server = event.server, response](ShardNode& first) {
    if (auto* const log = first.server().member().event_log()) log->answer(server, *response);
  });
}

void ShardRecovery::give_up(UnansweredEvents& events) {
  for (auto const& event : events.take())
    answer(*event, AckReply(AckError::disconnected));
}

UnansweredEvents::List ShardRecovery::unanswered(Socket const& socket) {
  auto* const events = unanswered_of(socket);
  if (events == nullptr) return {};
  events->trim(unix_now());
  return events->list();
}

}  // namespace socketio

// --- Sending them

void Socket::emit_until_answered(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                                 UniqueFunction<void(AckReply)> on_reply) {
  require_place_for_ack();
  auto& node = adapter_->node();
  auto& recovery = *node.recovery();
  auto const within = options.timeout.value_or(std::chrono::milliseconds{0});
  auto const made = std::make_shared<socketio::UnansweredEvent>();
  made->ack = nsp().next_ack();
  made->server = node.server().member().server_id();
  made->until = recovery.unix_now() + within.count();
  made->compress = options.compress;
  made->payload = socketio::EventPayload(socketio::EventPayload::Form::json, event, args);
  made->request = node.open_request(
      std::make_unique<socketio::AnswerRequest>(shard().runtime().log(), std::move(on_reply)), within);
  recovery.expect(*this, made);
  send_until_answered(made);
  tell_outgoing_values(event, args);
}

void Socket::send_until_answered(std::shared_ptr<socketio::UnansweredEvent const> const& event) {
  auto& node = adapter_->node();
  auto const left = std::max(event->until - node.recovery()->unix_now(), std::int64_t{0});
  expect_ack(event->ack, std::chrono::milliseconds{left}, [this, event](AckReply reply) {
    // While its session lives it is sent again; when that ends, whoever ends it tells.
    if (reply.error() == AckError::disconnected) return;
    adapter_->node().recovery()->settle(*this, *event, reply);
  });
  if (auto* const metrics = node.metrics()) metrics->sent.add();
  send_packet({.nsp = nsp().name(), .id = event->ack, .data = socketio::PacketData(event->payload)},
              event->compress);
}

/// Those that its client has not answered before it was cut. What it answers late, on its new connection,
/// counts where the event has the same number as before.
void Socket::send_unanswered_again() {
  for (auto const& event : adapter_->node().recovery()->unanswered(*this)) {
    if (state_ != State::connected) return;
    send_until_answered(event);
  }
}

}}  // namespace aerie::v1
