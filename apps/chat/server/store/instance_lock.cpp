#include "store/instance_lock.hpp"

#include <aerie/core/log.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>

namespace chat {

namespace {

using aerie::core::concat;

/// By whatever path or link the database is named, the lock is the same.
std::filesystem::path lock_file_of(std::filesystem::path const& database) {
  std::error_code error;
  auto file = std::filesystem::weakly_canonical(database, error);
  if (error) file = database;
  file += ".lock";
  return file;
}

}  // namespace

InstanceLock::InstanceLock(std::filesystem::path const& database) {
  auto const file = lock_file_of(database);
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    throw std::runtime_error(concat(
        "cannot open the database ", database.string(), " (", file.string(), ": ", std::strerror(errno),
        "); check that its directory exists and is writable, or name another file "
        "with --db"));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  auto const reason = errno;
  ::close(descriptor_);
  if (reason == EWOULDBLOCK) {
    throw std::runtime_error(
        concat("another aerie-chat uses the database ", database.string(),
               ", and a SQLite file serves one instance; for several, use PostgreSQL: --db "
               "postgres://user@host/database, or stop the other one, or name another file with --db"));
  }
  throw std::runtime_error(concat("cannot lock ", file.string(), " (", std::strerror(reason),
                                  "); put the database on a local file system with --db"));
}

InstanceLock::~InstanceLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace chat
