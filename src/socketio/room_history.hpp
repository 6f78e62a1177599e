#pragma once

#include "socketio/retained_log.hpp"

#include <aerie/core/keyed_hash.hpp>
#include <aerie/socketio/event_log.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// The rooms that a socket is in, and was in lately, with the positions of a log between which it was: nobody
/// is sent what went to a room before he joined it, nor misses what did before he left it.
template <class P>
class RoomHistoryOf {
 public:
  using Position = P;

  /// From `at` on.
  void enter(std::string_view room, Position at);
  /// Until before `at`. `first`: nobody asks for what was before it any more.
  void leave(std::string_view room, Position at, Position first);
  bool was_in(std::string_view room, Position at) const;
  /// Those that it is in, in the order of entering.
  std::vector<std::string> present() const;
  /// From where on all is known. It does not know of more rooms that were left than `most_left`.
  Position known_from() const noexcept { return known_from_; }
  void set_known_from(Position from) noexcept { known_from_ = from; }
  std::size_t bytes() const noexcept { return bytes_; }

  /// `visit(room, from, to)` for each time in a room; `to` is null if it is in it.
  template <class Visit>
  void each_stay(Visit visit) const {
    for (auto const& [room, stay] : stays_) {
      for (auto const& span : stay.spans)
        visit(room, span.from, span.to == open() ? nullptr : &span.to);
    }
  }

 private:
  static constexpr std::size_t most_left = 1'000;

  struct Span {
    Position from;
    Position to;
  };
  struct Stay {
    std::uint64_t order = 0;
    std::vector<Span> spans;
  };
  static constexpr Position open() noexcept {
    if constexpr (std::is_same_v<P, LogPosition>) {
      constexpr auto most = std::numeric_limits<std::uint64_t>::max();
      return {most, most};
    } else {
      return std::numeric_limits<P>::max();
    }
  }
  static std::size_t memory_of(std::string_view room) noexcept { return 2 * sizeof(Stay) + room.size(); }
  void forget_left(Position first);

  std::unordered_map<std::string, Stay, core::KeyedHash, std::equal_to<>> stays_;
  std::uint64_t last_order_ = 0;
  std::size_t left_ = 0;  // spans that have ended
  Position known_from_{};
  std::size_t bytes_ = 0;
};

extern template class RoomHistoryOf<RetainedLog::Position>;
extern template class RoomHistoryOf<LogPosition>;

/// In the log of one shard.
using RoomHistory = RoomHistoryOf<RetainedLog::Position>;
/// In the log that all servers share.
using LoggedRooms = RoomHistoryOf<LogPosition>;

}}}  // namespace aerie::v1::socketio
