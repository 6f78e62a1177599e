#include "store/store_module.hpp"

#include "config.hpp"
#include "store/postgres_database.hpp"
#include "store/sqlite_database.hpp"
#include "store/store.hpp"

#include <aerie/gateway/health.hpp>

#include <memory>
#include <string>
#include <utility>

namespace chat {

namespace {

Database open(Config const& config, aerie::core::WallTime now) {
  if (!postgres::is_url(config.database)) return open_sqlite({.file = config.database}, now);
  PostgresOptions options;
  options.connection.url = config.database;
  options.connections = config.database_connections;
  return open_postgres(options, now);
}

}  // namespace

void StoreModule::describe(aerie::Module& m) {
  m.provides<Announcer>();
  m.provides<Store>([](Config const& config, Announcer& announcer, aerie::core::Clock const& clock,
                       aerie::Logger const& log, aerie::Health& health) {
    auto store = std::make_unique<Store>(open(config, clock.wall()), announcer, clock, log);
    // Reading, presence and typing go on, and other instances have the same database.
    health.add("database", [&store = *store] {
      auto trouble = store.trouble();
      return trouble.empty() ? aerie::HealthReport{} : aerie::HealthReport::degraded(std::move(trouble));
    });
    return store;
  });
  m.provides_existing<MessageStore, Store>();
  m.provides_existing<NotificationStore, Store>();
  m.exports<MessageStore, NotificationStore, Announcer>().global();
}

}  // namespace chat
