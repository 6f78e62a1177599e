#pragma once

#include <memory>
#include <optional>
#include <string>

namespace chat::test {

/// A PostgreSQL server of the tests' own, in a temporary directory, reached over a socket there. It ends with
/// this object, and with the test program however that ends.
class PostgresServer {
 public:
  /// The one that all tests share, started when it is first asked for; null if there is none, see `why_not`.
  static PostgresServer* shared();
  /// Why there is none.
  static std::string const& why_not();

  ~PostgresServer();
  PostgresServer(PostgresServer const&) = delete;
  PostgresServer& operator=(PostgresServer const&) = delete;

  /// `password` is not asked for on this way.
  std::string url(std::string const& password = {}) const;
  /// Where its socket is.
  std::string const& directory() const { return directory_; }
  std::string const& socket() const { return socket_; }

  /// Ends it as a crash does, and has it recover.
  void stop();
  void start();
  /// Without the chat's tables.
  void clear();
  /// Runs SQL, and returns the first column of the first row, which must be a text.
  std::string run(std::string const& sql);

 private:
  PostgresServer(std::string programs, std::string directory);

  std::string programs_;
  std::string directory_;
  std::string socket_;
  int process_ = -1;
};

}  // namespace chat::test
