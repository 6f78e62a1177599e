#pragma once

/// \file
/// A connection to PostgreSQL that comes back. One thread at a time.

#include "store/postgres.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <span>

namespace chat::postgres {

/// Connects when it is used. While the database is away it says so at once, and only tries again when some
/// time has passed: a little at first, then longer, and not when all other instances do.
class Link {
 public:
  Link(Options options, std::span<Statement const> statements);

  /// Calls `use` with the connection; once more with a new one if the one there was turns out to have been
  /// cut. Throws Error.
  template <class Use>
  auto run(Use use) {
    if (connection_ && !connection_->is_lost()) {
      try {
        return use(*connection_);
      } catch (Error const& error) {
        if (!error.is_lost() || error.is_silence()) throw;
      }
    }
    return use(renewed());
  }

 private:
  Connection& renewed();
  void wait_longer(std::string const& reason);

  Options options_;
  std::span<Statement const> statements_;
  std::optional<Connection> connection_;
  std::chrono::milliseconds pause_;
  std::chrono::steady_clock::time_point not_before_{};
  std::string reason_;
  std::minstd_rand random_;
};

}  // namespace chat::postgres
