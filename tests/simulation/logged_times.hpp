#pragma once

/// \file
/// How long things take in a LoggedSimulation, in milliseconds.

#include "simulation/recovery_client.hpp"

#include <cstdint>

namespace aerie::simulation {

inline constexpr std::uint64_t log_window = 3'000;
inline constexpr std::uint64_t tick = 20;
/// By then a server has noticed that a connection is dead, and has ended it.
inline constexpr std::uint64_t detection = ping_interval + ping_timeout + 200;
inline constexpr std::uint64_t keep_for = 60'000;
inline constexpr std::uint64_t longest_delay = 150;
/// For so long a session is known that its server does not write.
inline constexpr std::uint64_t record_time = log_window + 5'000;
inline constexpr std::uint64_t longest_without_record = log_window / 4 + 3 * longest_delay;
/// By then a server relies on it that those who are there are alive, and a session that the log has lost is
/// known again.
inline constexpr std::uint64_t certainty = ping_interval + ping_timeout + 2'000 + 2 * longest_without_record;
inline constexpr std::uint64_t longest_claim = 7'000;
/// A replica is at most so far behind.
inline constexpr std::uint64_t longest_lag = 1'000;

}  // namespace aerie::simulation
