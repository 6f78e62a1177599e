#pragma once

/// \file
/// SQLite's C interface in owning types (https://www.sqlite.org/cintro.html). A connection and its statements
/// are used by one thread at a time; which one may change.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace chat::sqlite {

class Error : public std::runtime_error {
 public:
  /// `code`: a primary result code (https://www.sqlite.org/rescode.html).
  Error(int code, std::string const& message) : std::runtime_error(message), code_(code) {}
  int code() const noexcept { return code_; }
  /// The file is not a database, or a broken one.
  bool is_damage() const noexcept;
  /// One statement's values are at fault; others may do better.
  bool is_about_values() const noexcept;

 private:
  int code_;
};

enum class Access : std::uint8_t { read_only, read_write };

class Connection {
 public:
  /// Opens a database file, created if there is none and it is to be written. Waits up to `lock_timeout`
  /// where another process holds a lock. Throws Error.
  Connection(std::filesystem::path const& file, Access access, std::chrono::milliseconds lock_timeout);

  /// Runs statements without values. Throws Error.
  void execute(char const* sql);
  /// The first column of the first row, as a number or a text. Throws Error.
  std::int64_t integer(char const* sql);
  std::string text(char const* sql);

  /// Rows that the last INSERT, UPDATE or DELETE has changed.
  int changes() const noexcept;
  std::int64_t last_row_id() const noexcept;
  bool in_transaction() const noexcept;

  sqlite3* handle() const noexcept { return handle_.get(); }
  [[noreturn]] void fail() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A value that is bytes and no text.
struct Blob {
  std::string_view bytes;
};

/// The rows of a statement being run; the statement is free again when they are destroyed.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  ~Rows();
  Rows(Rows const&) = delete;
  Rows& operator=(Rows const&) = delete;

  /// Goes to the next row. False if there is none. Throws Error.
  bool next();
  std::int64_t integer(int column) const noexcept;
  std::string text(int column) const;
  std::string bytes(int column) const;

 private:
  sqlite3_stmt* statement_;
};

class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  /// Runs it with a number, text or Blob for each `?`. The texts must outlive the rows.
  template <class... Values>
  [[nodiscard]] Rows query(Values const&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return Rows(handle_.get());
  }
  /// The same for statements without rows.
  template <class... Values>
  void execute(Values const&... values) {
    query(values...).next();
  }

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, Blob value);

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// Undone unless it is committed.
class Transaction {
 public:
  /// Takes the lock for writing at once.
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  void commit();

 private:
  Connection& connection_;
};

}  // namespace chat::sqlite
