#include "store/sqlite.hpp"

#include <sqlite3.h>

namespace chat::sqlite {

namespace {

[[noreturn]] void throw_error(sqlite3* handle) {
  throw Error(sqlite3_errcode(handle) & 0xff, sqlite3_errmsg(handle));
}

}  // namespace

bool Error::is_damage() const noexcept {
  return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB;
}

bool Error::is_about_values() const noexcept {
  return code_ == SQLITE_CONSTRAINT || code_ == SQLITE_TOOBIG || code_ == SQLITE_MISMATCH ||
         code_ == SQLITE_RANGE;
}

Connection::Connection(std::filesystem::path const& file, Access access,
                       std::chrono::milliseconds lock_timeout) {
  auto const mode =
      access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  auto const result = sqlite3_open_v2(file.c_str(), &handle, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK) {
    throw Error(result & 0xff, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(result));
  }
  sqlite3_busy_timeout(handle, static_cast<int>(lock_timeout.count()));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

void Connection::execute(char const* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Connection::integer(char const* sql) {
  Statement statement(*this, sql);
  auto rows = statement.query();
  return rows.next() ? rows.integer(0) : 0;
}

std::string Connection::text(char const* sql) {
  Statement statement(*this, sql);
  auto rows = statement.query();
  return rows.next() ? rows.text(0) : std::string();
}

int Connection::changes() const noexcept {
  return sqlite3_changes(handle());
}

std::int64_t Connection::last_row_id() const noexcept {
  return sqlite3_last_insert_rowid(handle());
}

bool Connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle()) == 0;
}

void Connection::fail() const {
  throw_error(handle());
}

void Connection::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Rows::~Rows() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  auto const result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw_error(sqlite3_db_handle(statement_));
}

std::int64_t Rows::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

std::string Rows::text(int column) const {
  auto const* const text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<char const*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string Rows::bytes(int column) const {
  auto const* const bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<char const*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Statement::Statement(Connection& connection, std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  auto const result = sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                         SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK) connection.fail();
}

void Statement::bind(int index, std::int64_t value) {
  if (sqlite3_bind_int64(handle_.get(), index, value) != SQLITE_OK)
    throw_error(sqlite3_db_handle(handle_.get()));
}

void Statement::bind(int index, std::string_view value) {
  auto const result =
      sqlite3_bind_text64(handle_.get(), index, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (result != SQLITE_OK) throw_error(sqlite3_db_handle(handle_.get()));
}

void Statement::bind(int index, Blob value) {
  auto const& bytes = value.bytes;
  auto const result = sqlite3_bind_blob64(handle_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC);
  if (result != SQLITE_OK) throw_error(sqlite3_db_handle(handle_.get()));
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // SQLite undoes the transaction itself after some errors, such as a full disk.
  if (connection_.in_transaction()) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_.execute("COMMIT");
}

}  // namespace chat::sqlite
