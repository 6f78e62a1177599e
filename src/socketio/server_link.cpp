#include "socketio/server_link.hpp"

#include "socketio/shard_node.hpp"

#include <aerie/core/shard.hpp>
#include <aerie/socketio/adapter.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

ServerLink::ServerLink(std::shared_ptr<ServerParsers const> parsers, Adapter const* adapter,
                       std::shared_ptr<RecoveryShared> recovery)
    : parsers_(std::move(parsers)),
      in_cluster_(adapter != nullptr),
      passes_on_(adapter != nullptr || recovery),
      recovery_(std::move(recovery)) {
  if (adapter == nullptr) return;
  plain_form_ = adapter->payload_form(false);
  binary_form_ = adapter->payload_form(true);
}

EventPayload ServerLink::payload_of(PacketSet const& packets, std::string_view nsp, std::string_view event,
                                    ArgsRef args) const {
  if (plain_form_ == EventPayload::Form::json) {
    // Where all of it is JSON, clients and servers are sent the same array.
    auto const* const packet = packets.find(0);
    auto const json = packet == nullptr ? std::string_view() : (*parsers_)[0].json_payload(*packet, nsp);
    if (!json.empty()) return EventPayload(plain_form_, std::string(json));
  }
  return payload_of(event, args);
}

EventPayload ServerLink::payload_of(std::string_view event, ArgsRef args) const {
  EventPayload const plain(plain_form_, event, args);
  // JSON that turned out to have something binary in it; else the form holds for both.
  if (plain.form() == plain_form_ || plain.form() == binary_form_) return plain;
  return EventPayload(binary_form_, event, args);
}

void ServerLink::add(ShardNode& node) {
  ends_.push_back({node.anchor(), node.shard().mailbox().shared_from_this(), &node});
}

ShardNode* ServerLink::here() const noexcept {
  auto const* const shard = core::Shard::current();
  if (shard == nullptr || shard->index() >= ends_.size()) return nullptr;
  auto const& end = ends_[shard->index()];
  return end.anchor.here() == nullptr ? nullptr : end.node;
}

bool ServerLink::post(std::size_t node, std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const {
  auto const& end = ends_[node];
  return end.anchor.try_post(bytes, [to = end.node, action = std::move(action)] { action(*to); });
}

bool ServerLink::run(std::size_t bytes, UniqueFunction<void(ShardNode&)> action) const {
  if (auto* const node = here()) {
    action(*node);
    return true;
  }
  // The first shard passes on what it takes: it is not to take what another cannot follow.
  if (std::ranges::any_of(ends_, [](End const& end) { return end.mailbox->full(); })) return false;
  return post(0, bytes, std::move(action));
}

bool ServerLink::run_on_first(UniqueFunction<void(ShardNode&)> action) const {
  if (auto* const node = here(); node != nullptr && node->is_first()) {
    action(*node);
    return true;
  }
  return post(0, 0, std::move(action));
}

}}}  // namespace aerie::v1::socketio
