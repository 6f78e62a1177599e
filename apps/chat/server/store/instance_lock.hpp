#pragma once

/// \file
/// One instance of the chat for each SQLite file: what one of them tells its clients the other would not, and
/// who is online would be known to neither. Belongs to whoever opens the file.

#include <filesystem>
#include <utility>

namespace chat {

/// A lock on a file beside the database (flock(2)), which the system gives up when the process ends, however
/// it ends. The file itself stays.
class InstanceLock {
 public:
  /// Throws std::runtime_error, with the remedy, if another instance has the database or the lock's file
  /// cannot be made.
  explicit InstanceLock(std::filesystem::path const& database);
  InstanceLock(InstanceLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  InstanceLock& operator=(InstanceLock&&) = delete;
  ~InstanceLock();

 private:
  int descriptor_;
};

}  // namespace chat
