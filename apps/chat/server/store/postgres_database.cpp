#include "store/postgres_database.hpp"

#include "store/postgres_link.hpp"
#include "store/postgres_schema.hpp"
#include "store/postgres_tables.hpp"

#include <aerie/core/log.hpp>

#include <algorithm>
#include <utility>

namespace chat {

namespace {

using aerie::core::concat;
using postgres::Connection;
using postgres::Error;
using postgres::Link;

/// Instances write one after the other: ids are visible in the order of their making, so that who has read a
/// message has missed none with a smaller id. The lock is given up with the transaction.
constexpr char const* our_turn = "SELECT pg_advisory_xact_lock(1097155432, 1)";

WriteError unable(Error const& error) {
  return {error.is_about_values() ? WriteFault::values : WriteFault::unable, error.what()};
}

class PostgresTransactions final : public Transactions {
 public:
  explicit PostgresTransactions(postgres::Options const& options)
      : link_(options, postgres::WriteStatements::all()) {}

  void run(Statements const& statements) override {
    auto* const connection = begin(statements);
    try {
      connection->send_sql("COMMIT");
      connection->flush();
    } catch (Error const& error) {
      if (error.is_lost()) throw WriteError(WriteFault::in_doubt, error.what());
      undo(*connection);
      throw unable(error);
    }
  }

  std::optional<bool> was_committed() override {
    try {
      return link_.run([this](Connection& now) { return fate(now); });
    } catch (Error const& error) {
      // A transaction that it has never heard of was not committed.
      if (error.is_lost()) return std::nullopt;
      return false;
    }
  }

  bool is_back() override {
    if (!is_away_) return false;
    try {
      link_.run([](Connection& now) {
        now.send_sql("SELECT 1");
        now.flush();
        return true;
      });
      is_away_ = false;
    } catch (Error const&) {
      // Not yet.
    }
    return !is_away_;
  }

 private:
  /// Everything but the commit: what is lost until here was not stored, and may be tried again.
  Connection* begin(Statements const& statements) {
    try {
      auto* const connection = link_.run([&](Connection& now) { return prepare(now, statements); });
      is_away_ = false;
      return connection;
    } catch (Error const& error) {
      is_away_ = error.is_lost();
      throw unable(error);
    }
  }

  Connection* prepare(Connection& connection, Statements const& statements) {
    try {
      postgres::WriteStatements tables(connection);
      connection.send_sql("BEGIN");
      connection.send_sql(our_turn);
      connection.send_sql("SELECT pg_current_xact_id()::text",
                          [this](postgres::Rows const& rows) { transaction_ = rows.text(0, 0); });
      statements(tables);
      connection.flush();
      return &connection;
    } catch (Error const& error) {
      if (error.is_lost()) throw;
      undo(connection);
      throw;
    }
  }

  static void undo(Connection& connection) {
    try {
      connection.send_sql("ROLLBACK");
      connection.flush();
    } catch (Error const&) {
      // It is lost, and undone with that.
    }
  }

  /// https://www.postgresql.org/docs/15/functions-info.html#FUNCTIONS-PG-SNAPSHOT
  std::optional<bool> fate(Connection& connection) {
    std::string status;
    connection.send_sql(concat("SELECT pg_xact_status('", transaction_, "'::xid8)"),
                        [&status](postgres::Rows const& rows) { status = rows.text(0, 0); });
    connection.flush();
    if (status == "in progress") return std::nullopt;
    return status == "committed";
  }

  Link link_;
  std::string transaction_;
  bool is_away_ = false;
};

class PostgresReadTables final : public ReadTables {
  template <class Query>
  auto read(Query query) {
    return link_.run([&query](Connection& now) { return query(postgres::ReadStatements(now)); });
  }

 public:
  explicit PostgresReadTables(postgres::Options const& options)
      : link_(options, postgres::ReadStatements::all()) {}

  std::optional<Room> room(RoomId id) override {
    return read([&](auto tables) { return tables.room(id); });
  }
  std::vector<Room> rooms() override {
    return read([](auto tables) { return tables.rooms(); });
  }
  MessagePage history(RoomId room, std::optional<MessageId> before, std::size_t limit) override {
    return read([&](auto tables) { return tables.history(room, before, limit); });
  }
  MessagePage search(RoomId room, std::string const& text, std::optional<MessageId> before,
                     std::size_t limit) override {
    return read([&](auto tables) { return tables.search(room, text, before, limit); });
  }
  NotificationPage notifications(UserId user, bool unread_only, std::size_t limit) override {
    return read([&](auto tables) { return tables.notifications(user, unread_only, limit); });
  }
  std::optional<StoredImage> image(std::string const& key) override {
    return read([&](auto tables) { return tables.image(key); });
  }
  std::vector<ReadState> reading(UserId user) override {
    return read([&](auto tables) { return tables.reading(user); });
  }

 private:
  Link link_;
};

postgres::Identity identity_of(PostgresOptions const& options, std::chrono::system_clock::time_point now) {
  auto const place = postgres::place_of(options.connection.url);
  try {
    Connection connection(options.connection);
    return postgres::prepare_schema(connection, now);
  } catch (std::runtime_error const& error) {
    auto const is_refused = dynamic_cast<Error const*>(&error) != nullptr;
    throw std::runtime_error(concat(
        "cannot use the database ", place, " (", error.what(), ")",
        is_refused
            ? "; check that the server runs, that the database exists and the user may create a schema "
              "in it, and the password, or name another database with --db"
            : ""));
  }
}

}  // namespace

Database open_postgres(PostgresOptions const& options, std::chrono::system_clock::time_point now) {
  auto identity = identity_of(options, now);
  Database database;
  database.id = std::move(identity.id);
  database.secret = std::move(identity.secret);
  database.writes = std::make_unique<PostgresTransactions>(options.connection);
  for (std::size_t i = 1; i < std::max<std::size_t>(options.connections, 2); ++i)
    database.reads.push_back(std::make_unique<PostgresReadTables>(options.connection));
  return database;
}

}  // namespace chat
