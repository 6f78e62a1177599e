#pragma once

/// \file
/// What a store stands on: a database that is open, whichever it is.

#include "store/tables.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace chat {

/// Why nothing, or not for certain, was stored.
enum class WriteFault : std::uint8_t {
  /// One statement's values are at fault; others may do better.
  values,
  /// The database cannot write at the moment. Nothing was stored.
  unable,
  /// The connection was lost while the commit was under way: see Transactions::was_committed.
  in_doubt,
};

class WriteError : public std::runtime_error {
 public:
  WriteError(WriteFault fault, std::string const& message) : std::runtime_error(message), fault_(fault) {}
  WriteFault fault() const noexcept { return fault_; }

 private:
  WriteFault fault_;
};

/// The one connection that writes. Belongs to the thread of GroupCommit.
class Transactions {
 public:
  using Statements = std::function<void(WriteTables&)>;
  virtual ~Transactions() = default;

  /// Runs `statements` as one transaction and commits it: when it returns, all is on the disk and every
  /// result is there. `statements` may be run twice. Throws WriteError.
  virtual void run(Statements const& statements) = 0;

  /// After WriteFault::in_doubt: whether that transaction was committed after all; nothing as long as it
  /// cannot be said.
  virtual std::optional<bool> was_committed() { return false; }

  /// After WriteFault::unable: whether the reason was that the database was away, and it is there again.
  /// Asked from time to time as long as nobody writes.
  virtual bool is_back() { return false; }
};

struct Database {
  /// Names the content: another database has another one, and other users behind the same ids.
  std::string id;
  /// For signing tokens, where several instances share the database; nothing: each keeps one of its own.
  std::optional<std::string> secret;
  std::unique_ptr<Transactions> writes;
  /// One for each thread that reads; at least one.
  std::vector<std::unique_ptr<ReadTables>> reads;
};

}  // namespace chat
