#pragma once

/// \file
/// What recovery over a log stands on, condition by condition. The simulation takes one away at a time, to
/// see that it notices: cluster_simulation --mutants.

#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

enum class Condition : std::uint8_t {
  none,
  write_ahead,       ///< What is emitted is delivered when it comes from the log, in the log's order.
  record_at_change,  ///< A session is written when it begins and when its rooms change.
  start_position,    ///< It says where its client begins.
  compared_offsets,  ///< An offset need not be that of an event that is kept.
  fencing,           ///< Who has lost a session writes it no more, and ends its connection.
  epoch,             ///< Where the log is another one than before everybody is told.
  known_floor,       ///< Where what was missed has been cut off the client is told.
  middlewares,       ///< Who comes back is asked by the middlewares again.
  taken_last,        ///< A session is taken after everything else was checked.
  asked_again,       ///< What a client is to answer it is sent again, until it has.
  count,
};

inline constexpr std::string_view condition_names[] = {
    "none",  "write-ahead", "record-at-change", "start-position", "compared-offsets", "fencing",
    "epoch", "known-floor", "middlewares",      "taken-last",     "asked-again"};

/// For the simulation alone; set while no server runs.
extern Condition condition_taken_away;

inline bool holds(Condition condition) noexcept {
  return condition_taken_away != condition;
}

}}}  // namespace aerie::v1::socketio
