#pragma once

/// \file
/// Writes of many, committed together: what is submitted while one transaction is on its way to the disk
/// makes up the next one, so that a busy server pays for one flush per batch and not per message.

#include "store/sqlite.hpp"
#include "store/tables.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/worker_pool.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace chat {

/// One write. After `apply`, exactly one of `committed` and `failed` is called; all on the store's thread.
class Write {
 public:
  virtual ~Write() = default;
  /// Throws sqlite::Error; then nothing of it is kept. May be called again.
  virtual void apply(WriteTables& tables) = 0;
  virtual void committed() = 0;
  virtual void failed(std::exception_ptr error) = 0;
};

/// Thread contract: `submit` from any thread. The destructor commits what was submitted.
class GroupCommit {
 public:
  GroupCommit(sqlite::Connection connection, aerie::Logger const& log);

  /// Queues a write. If more wait than the disk will ever catch up with, it fails at once.
  void submit(std::unique_ptr<Write> write);

 private:
  using Batch = std::vector<std::unique_ptr<Write>>;

  bool enqueue(std::unique_ptr<Write>& write);
  void work();
  Batch next_batch();
  void commit(Batch& batch);
  void commit_each(Batch& batch);
  void note_success();
  void note_failure(std::string const& reason);

  sqlite::Connection connection_;
  WriteTables tables_;
  aerie::Logger const& log_;
  bool failing_ = false;  // Of the store's thread.

  std::mutex mutex_;
  Batch waiting_;
  bool working_ = false;

  // The last member: its thread ends before what it uses.
  aerie::core::WorkerPool thread_{1};
};

}  // namespace chat
