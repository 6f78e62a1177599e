#pragma once

#include "socketio/event_offset.hpp"
#include "socketio/server_parsers.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/keyed_table.hpp>
#include <aerie/socketio/log_position.hpp>
#include <aerie/socketio/target.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace aerie { inline namespace v1 {

class Namespace;

namespace socketio {

/// An event as clients were sent it, its offset behind its arguments. Shared by shards; never changes once
/// others see it.
struct Retained {
  EventOffset offset{0, 0};
  Target target{};
  bool compress = true;
  PacketSet packets{};
  /// Its offset instead, if the adapter keeps it in its log.
  LogPosition position{};

  /// Bytes that it holds, about.
  std::size_t size() const noexcept {
    auto size = sizeof *this + packets.size();
    for (auto const* const list : {&target.rooms, &target.except}) {
      for (auto const& room : *list)
        size += sizeof room + room.size();
    }
    return size;
  }
};

/// What one shard has delivered lately, in its order: each event has a position. Plain: the time comes from
/// outside, and sockets are nothing to it.
class RetainedLog {
 public:
  using Position = std::uint64_t;

  struct Entry {
    std::shared_ptr<Retained const> event;
    Namespace const* nsp;
    Position position;
    core::TimePoint at;
    std::size_t size;
  };

  /// Keeps at most so many bytes; 0 keeps nothing.
  explicit RetainedLog(std::size_t ceiling) noexcept : ceiling_(ceiling) {}

  /// The position that the next event will have.
  Position next() const noexcept { return next_; }
  /// The position of the first event that is still here, or that would be.
  Position first() const noexcept { return next_ - entries_.size(); }
  /// When the last one that is not here any more was delivered; nothing if all are.
  std::optional<core::TimePoint> last_gone() const noexcept { return last_gone_; }
  /// When the first one was; nothing if there is none.
  std::optional<core::TimePoint> oldest() const noexcept {
    return entries_.empty() ? std::nullopt : std::optional(entries_.front().at);
  }

  /// `size` is what it counts for, of the ceiling as well.
  void append(core::TimePoint now, Namespace const& nsp, std::shared_ptr<Retained const> event,
              std::size_t size);
  /// Forgets what was delivered before `time`.
  void trim(core::TimePoint time);
  void clear();

  /// Where an event stands, if it is here.
  std::optional<Position> find(EventOffset offset) const;
  /// Calls `visit(Entry)` for each of a namespace, from a position on.
  template <class Visit>
  void each_from(Position from, Namespace const& nsp, Visit visit) const {
    for (auto i = from < first() ? std::size_t{0} : from - first(); i < entries_.size(); ++i) {
      if (entries_[i].nsp == &nsp) visit(entries_[i]);
    }
  }

  std::size_t bytes() const noexcept { return bytes_; }
  std::size_t count() const noexcept { return entries_.size(); }
  /// Events that went because of the ceiling, before their time.
  std::uint64_t gone_early() const noexcept { return gone_early_; }

 private:
  struct OffsetOf {
    std::uint64_t operator()(Entry const& entry) const noexcept { return entry.event->offset.value; }
  };
  struct OffsetHash {
    std::size_t operator()(std::uint64_t offset) const noexcept {
      auto const mixed = (offset ^ (offset >> 40U)) * 0x9E3779B97F4A7C15U;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32U));
    }
  };

  void drop_first();

  std::size_t ceiling_;
  std::size_t bytes_ = 0;
  Position next_ = 1;
  std::uint64_t gone_early_ = 0;
  std::optional<core::TimePoint> last_gone_;
  std::deque<Entry> entries_;
  core::KeyedTable<Entry*, OffsetOf, OffsetHash> places_;
};

}  // namespace socketio
}}  // namespace aerie::v1
