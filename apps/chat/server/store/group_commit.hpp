#pragma once

/// \file
/// Writes of many, committed together: what is submitted while one transaction is on its way to the disk
/// makes up the next one, so that a busy server pays for one flush per batch and not per message.

#include "store/database.hpp"
#include "store/tables.hpp"

#include <aerie/core/log.hpp>

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace chat {

/// One write, all on the store's thread. After `apply` one of `committed` and `failed` is called; `committed`
/// also some time after `failed`, if the connection was lost in the middle of a commit that turns out to have
/// happened.
class Write {
 public:
  virtual ~Write() = default;
  /// May be called again.
  virtual void apply(WriteTables& tables) = 0;
  virtual void committed() = 0;
  virtual void failed(std::exception_ptr error) = 0;
};

/// Thread contract: `submit` from any thread. The destructor commits what was submitted.
class GroupCommit {
 public:
  GroupCommit(std::unique_ptr<Transactions> transactions, aerie::Logger const& log);
  ~GroupCommit();
  GroupCommit(GroupCommit const&) = delete;
  GroupCommit& operator=(GroupCommit const&) = delete;

  /// Queues a write. If more wait than the disk will ever catch up with, it fails at once.
  void submit(std::unique_ptr<Write> write);

  /// Why nothing can be written at present, as far as is known; empty: it can. From any thread.
  std::string trouble() const;

 private:
  using Batch = std::vector<std::unique_ptr<Write>>;

  bool enqueue(std::unique_ptr<Write>& write);
  void work();
  /// Waits for writes. Nothing: the end has come, and all is written.
  std::optional<Batch> next_batch();
  void commit(Batch& batch);
  void commit_each(Batch& batch);
  /// False if the fate of a batch is still unknown.
  bool settle_doubt();
  void note_success();
  void note_failure(std::string const& reason);

  // Of the store's thread.
  std::unique_ptr<Transactions> transactions_;
  aerie::Logger const& log_;
  // What was under way when the connection was lost. Whoever waited has been told that it failed.
  Batch in_doubt_;

  std::mutex mutable mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  std::string trouble_;
  bool closing_ = false;

  // The last member: it ends before what it uses.
  std::thread thread_;
};

}  // namespace chat
