#pragma once

#include "socketio/retained_log.hpp"
#include "socketio/server_parsers.hpp"

#include <aerie/socketio/cluster_message.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

namespace socketio {

class ShardNode;
struct DropOldest;

/// A message as the shards of a process pass it on: what an adapter carries, and what is only needed here.
/// Shared by all of them, and changed by none once it is on its way.
struct LocalMessage : ClusterMessage {
  using Type = ClusterAction;

  LocalMessage(ClusterMessage message, std::shared_ptr<Namespace const> of)
      : ClusterMessage(std::move(message)), space(std::move(of)) {}

  /// Looked up once, by whoever made the message.
  std::shared_ptr<Namespace const> space;
  /// The id of the acknowledgement that clients are asked for.
  std::optional<std::uint64_t> ack{};
  /// For listeners to what is sent; none if no socket of the process had any when the packet was emitted.
  std::optional<std::vector<Value>> args{};
  std::string event{};
  /// What the namespace says of the event; it is there as long as `space` is.
  DropOldest const* rule = nullptr;
  /// What is kept of it for those who come back; null if it is nothing for them.
  std::shared_ptr<Retained> retained{};

  /// What clients are sent. Of an event that has come from another server it is encoded when the first shard
  /// needs it; if that fails, which the log is told of, nobody is sent anything. Any thread.
  PacketSet const& packets(ShardNode const& node) const {
    if (from_elsewhere_) std::call_once(encoded_, [&] { encode_payload(node); });
    return packet_set();
  }
  /// It has come from another server: the packet is made of `payload`.
  bool from_elsewhere() const noexcept { return from_elsewhere_; }
  void set_from_elsewhere() noexcept { from_elsewhere_ = true; }
  /// Bytes that it holds on its way to another shard, about.
  std::size_t own_size() const noexcept {
    constexpr std::size_t overhead = 256;
    return packet_set().size() + overhead;
  }
  /// To be encoded into, before anybody else sees the message.
  PacketSet& own_packets() noexcept { return packet_set(); }
  /// It goes into the adapter's log, and is done when it comes from there.
  bool by_log = false;
  /// Told on the first shard whether the log has it.
  std::function<void(bool)> on_logged{};
  void retain_at(LogPosition position) {
    retained = std::make_shared<Retained>(
        Retained{.target = target, .compress = options.compress, .position = position});
  }
  /// It is kept, under this offset.
  void retain(EventOffset offset) {
    retained = std::make_shared<Retained>(Retained{offset, target, options.compress});
  }

 private:
  /// Those who come back are sent the same.
  PacketSet& packet_set() const noexcept { return retained ? retained->packets : packets_; }
  void encode_payload(ShardNode const& node) const;

  bool from_elsewhere_ = false;
  std::once_flag mutable encoded_;
  PacketSet mutable packets_;
};

}  // namespace socketio
}}  // namespace aerie::v1
