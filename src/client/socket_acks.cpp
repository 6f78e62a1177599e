// Acknowledgements that a client waits for, and events that it sends until they are acknowledged.
#include "client/manager_core.hpp"
#include "client/socket_core.hpp"

#include <aerie/core/runtime.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

void SocketCore::register_ack(Emission& emission) {
  auto pending = std::make_unique<PendingAck>(*this, *emission.id, std::move(emission.on_reply));
  auto const timeout = emission.options.timeout ? emission.options.timeout : manager_->options().ack_timeout;
  if (timeout) manager_->shard().start(pending->timer, *timeout);
  acks_.emplace(*emission.id, std::move(pending));
}

void SocketCore::settle(std::uint64_t id, AckReply reply) {
  auto const found = acks_.find(id);
  if (found == acks_.end()) return;
  // Its timer may be what calls.
  auto const pending = std::shared_ptr<PendingAck>(std::move(found->second));
  acks_.erase(found);
  pending->timer.cancel();
  manager_->shard().retire(std::shared_ptr<void>(pending));
  handle_->gate->call(manager_->log(), {"client", "an acknowledgement", nsp_},
                      [&] { pending->on_reply(std::move(reply)); });
}

void SocketCore::timed_out(std::uint64_t id) {
  auto const self = shared_from_this();
  // What has not been sent yet is not sent any more.
  std::erase_if(waiting_, [id](Emission const& emission) { return emission.id == id; });
  settle(id, AckReply(AckError::timeout));
}

void SocketCore::take_ack(socketio::IncomingPacket& packet) {
  auto const self = shared_from_this();
  if (packet.id) settle(*packet.id, AckReply(packet.payload));
}

/// The connection is gone: nobody answers any more what has been sent. What still waits to be sent may be.
void SocketCore::drop_acks() {
  auto const self = shared_from_this();
  std::vector<std::uint64_t> lost;
  for (auto const& each : acks_) {
    auto const id = each.first;
    if (std::ranges::none_of(waiting_, [id](Emission const& emission) { return emission.id == id; }))
      lost.push_back(id);
  }
  std::ranges::sort(lost);
  for (auto const id : lost) {
    if (manager_ != nullptr) settle(id, AckReply(AckError::disconnected));
  }
}

// --- Retries

void SocketCore::enqueue(QueuedEvent event) {
  event.number = ++queued_;
  queue_.push_back(std::move(event));
  drain_queue(false);
}

void SocketCore::drain_queue(bool force) {
  if (!connected_ || queue_.empty()) return;
  auto& head = queue_.front();
  if (head.pending && !force) return;
  head.pending = true;
  ++head.tries;
  std::vector<EncodableRef> const args(head.args.begin(), head.args.end());
  submit(encode(
      head.event, args,
      [weak = weak_from_this(), number = head.number](AckReply reply) {
        if (auto const self = weak.lock()) self->tried(number, std::move(reply));
      },
      head.options));
}

void SocketCore::tried(std::uint64_t number, AckReply reply) {
  // Each try has an acknowledgement of its own: that of one before may come as well.
  if (manager_ == nullptr || queue_.empty() || queue_.front().number != number) return;
  auto& head = queue_.front();
  // Without a limit of time it stays what it is, and is sent again with the next connection.
  auto const has_limit = head.options.timeout || manager_->options().ack_timeout;
  if (reply.error() == AckError::disconnected && !has_limit) return;
  head.pending = false;
  if (reply.ok() || head.tries > handle_->retries) {
    auto const done = std::move(head);
    queue_.pop_front();
    if (done.on_reply) {
      handle_->gate->call(manager_->log(), {"client", "an acknowledgement", nsp_},
                          [&] { done.on_reply(std::move(reply)); });
    }
    if (manager_ == nullptr) return;
  }
  drain_queue(false);
}

}}}  // namespace aerie::v1::client
