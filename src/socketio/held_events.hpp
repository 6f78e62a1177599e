#pragma once

#include <aerie/core/account.hpp>
#include <aerie/socketio/handler_set.hpp>
#include <aerie/socketio/packet.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The events of one socket that are kept back until its client has taken what it was sent before: of each
/// name only so many as its rule allows, the last ones. Belongs to the socket's shard.
class HeldEvents {
 public:
  explicit HeldEvents(core::Account& account) noexcept : charge_(account, sizeof(HeldEvents)) {}

  struct Entry {
    DropOldest const* rule;  // of its namespace; also what tells names apart
    std::shared_ptr<EncodedPacket const> packet;
    bool compress;
  };

  /// True if the oldest one of its name was dropped for it.
  bool add(Entry entry);
  std::vector<Entry> const& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;  // in the order in which they were sent
  std::size_t bytes_ = 0;
  core::Charge charge_;
};

}}}  // namespace aerie::v1::socketio
