#pragma once

/// \file
/// A connection to PostgreSQL in owning types, over libpq's non-blocking interface
/// (https://www.postgresql.org/docs/15/libpq-async.html) in pipeline mode: what is sent is answered when it
/// is flushed, in one journey over the network, and nothing waits longer than it was told to. One thread at a
/// time.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace chat::postgres {

/// True for what `--db` names a PostgreSQL database with: postgres:// or postgresql://.
bool is_url(std::string_view text);

/// Where a URL leads, for people: without the password. `url` may have several hosts, and parts that are set
/// in the environment (PGHOST ...). Throws Error, with a text that quotes nothing of it, if it is none.
std::string place_of(std::string const& url);

class Error : public std::runtime_error {
 public:
  /// `sqlstate`: five characters (https://www.postgresql.org/docs/15/errcodes-appendix.html), or none if the
  /// connection is at fault.
  Error(std::string sqlstate, std::string const& message)
      : std::runtime_error(message), sqlstate_(std::move(sqlstate)) {}

  std::string const& sqlstate() const noexcept { return sqlstate_; }
  /// The connection is gone: it could not be made, broke, was ended by the server or did not answer in time.
  bool is_lost() const noexcept;
  /// It is lost because it did not answer in time: trying again at once would only make others wait longer.
  bool is_silence() const noexcept;
  /// One statement's values are at fault; others may do better.
  bool is_about_values() const noexcept;

 private:
  std::string sqlstate_;
};

struct Options {
  std::string url;
  /// For connecting, over all addresses.
  std::chrono::milliseconds connect_timeout{3'000};
  /// For an answer. The server gives up a little earlier by itself.
  std::chrono::milliseconds answer_timeout{5'000};
  /// For a lock that another connection has.
  std::chrono::milliseconds lock_timeout{2'000};
};

/// A statement that a connection prepares when it is made.
struct Statement {
  char const* name;
  std::string sql;
};

/// A value for `$1` ...: a number for a column of type bigint, a text for one of type text or bytea.
class Parameter {
 public:
  // Implicit: a list of them is written in braces.
  Parameter(std::int64_t number);
  Parameter(std::string_view text) : value_(text) {}
  Parameter(std::string const& text) : value_(text) {}
  /// An array of texts.
  explicit Parameter(std::vector<std::string> const& texts);

  std::string const& value() const noexcept { return value_; }
  bool is_binary() const noexcept { return is_binary_; }

 private:
  std::string value_;
  bool is_binary_ = true;
};
using Parameters = std::vector<Parameter>;

/// The rows that a statement was answered with.
class Rows {
 public:
  explicit Rows(pg_result* result) noexcept : result_(result) {}

  int count() const noexcept;
  /// Of type bigint.
  std::int64_t integer(int row, int column) const noexcept;
  /// Of type text or bytea; empty if it is null.
  std::string text(int row, int column) const;

 private:
  pg_result* result_;
};

class Connection {
 public:
  using Take = std::function<void(Rows const&)>;

  /// Connects, and prepares `statements`. Throws Error.
  explicit Connection(Options const& options, std::span<Statement const> statements = {});

  /// Sends a prepared statement; `take` gets the answer while `flush` runs.
  void send(char const* statement, Parameters const& parameters, Take take = nullptr);
  /// Sends SQL without values.
  void send_sql(std::string const& sql, Take take = nullptr);
  /// Waits for the answers to all that was sent. Throws the first Error, behind which nothing was done and no
  /// `take` was called. If it `is_lost`, so is this connection.
  void flush();

  bool is_lost() const noexcept { return is_lost_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Finish {
    void operator()(pg_conn* handle) const noexcept;
  };
  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  using Result = std::unique_ptr<pg_result, Clear>;

  void connect(Options const& options);
  void wait(bool for_reading, bool for_writing, Deadline deadline);
  /// The next result, or null between two statements.
  Result next_result(Deadline deadline);
  void read_until_sync(Deadline deadline, std::string& sqlstate, std::string& message, bool& failed);
  [[noreturn]] void lose(std::string const& message, std::string sqlstate = {});
  [[noreturn]] void lose();
  void sent(int accepted, Take take);

  std::unique_ptr<pg_conn, Finish> handle_;
  std::chrono::milliseconds answer_timeout_;
  std::deque<Take> expected_;
  bool is_lost_ = false;
};

}  // namespace chat::postgres
