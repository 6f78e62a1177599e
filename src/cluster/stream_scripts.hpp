#pragma once

/// \file
/// What is done at Redis in one step with a stream that delivers exactly once, and with the keys beside it.
///
/// A stream has an *epoch*, the entry with which it has begun, and a *floor*: behind a
/// position that is neither before the one nor before the other everything is there that ever was.
/// Positions grow from epoch to epoch as well, whatever becomes of Redis' clock: who begins one says how far
/// it has read. Of each writer it is kept which of its entries was the last, and in which epoch.

#include <aerie/socketio/log_position.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// The keys beside a stream. In a Redis Cluster they are where it is.
std::string key_beside(std::string_view stream, std::string_view what);

/// As the scripts take how far a server has read: what it begins stands behind that.
inline std::string behind_text(socketio::LogPosition read) {
  return socketio::LogPosition{read.time, read.number + 1}.text();
}

/// As the scripts write it: its position, and behind a slash when it was begun, in microseconds. Where Redis'
/// clock is behind, a stream that is emptied twice may begin at one position twice.
struct StreamEpoch {
  std::string text{};
  socketio::LogPosition at{};

  /// Nothing if it is none.
  static std::optional<StreamEpoch> parse(std::string_view text);
  bool operator==(StreamEpoch const& other) const noexcept { return text == other.text; }
};

/// All with the stream, its epoch and its floor as KEYS, and `behind_text` as the first of ARGV.
struct StreamScripts {
  /// ARGV[2]: a position, empty for the last one that the stream has given. The epoch, the floor or nothing,
  /// the last position, and what XRANGE finds at the one that was asked for.
  static std::string_view look();
  /// ARGV[2]: an epoch. Begins another one, unless there is one already; the one that there is.
  static std::string_view renew();

  /// Of a writer, whose key is KEYS[4]. ARGV[2]: the number of the first of its entries that it does not know
  /// to be there; ARGV[3]: the epoch of the last one that it does, empty for one that is not known yet.
  /// Begins another epoch if the stream lacks what was there; the epoch.
  static std::string_view check();
  /// And ARGV[4]: the number of an entry, for how many milliseconds entries are kept, how many there may be,
  /// and the fields. Adds it if its number is the next; AERIEGAP if one before it is missing. 1, or 2 if the
  /// ceiling has cut something off, and the epoch that it is in.
  static std::string_view add();
};

}}}  // namespace aerie::v1::cluster
