#include "store/sqlite_database.hpp"

#include "store/database_file.hpp"
#include "store/instance_lock.hpp"
#include "store/sqlite_tables.hpp"

#include <utility>

namespace chat {

namespace {

class SqliteTransactions final : public Transactions {
 public:
  SqliteTransactions(InstanceLock lock, sqlite::Connection connection)
      : lock_(std::move(lock)), connection_(std::move(connection)), tables_(connection_) {}

  void run(Statements const& statements) override {
    try {
      sqlite::Transaction transaction(connection_);
      statements(tables_);
      transaction.commit();
    } catch (sqlite::Error const& error) {
      throw WriteError(error.is_about_values() ? WriteFault::values : WriteFault::unable, error.what());
    }
  }

 private:
  // The first member: given up when the file is closed.
  InstanceLock lock_;
  sqlite::Connection connection_;
  SqliteWriteTables tables_;
};

}  // namespace

Database open_sqlite(SqliteOptions const& options, std::chrono::system_clock::time_point now) {
  InstanceLock lock(options.file);
  auto writing = open_database(options.file, options.lock_timeout, now);
  auto reading = std::make_unique<SqliteReadTables>(open_for_reading(options.file, options.lock_timeout));
  Database database;
  database.id = reading->store_id();
  database.writes = std::make_unique<SqliteTransactions>(std::move(lock), std::move(writing));
  database.reads.push_back(std::move(reading));
  return database;
}

}  // namespace chat
