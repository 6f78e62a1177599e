#include "store/store_module.hpp"

#include "config.hpp"
#include "store/sqlite_store.hpp"

namespace chat {

void StoreModule::describe(aerie::Module& m) {
  m.provides<Announcer>();
  m.provides<SqliteStore>([](Config const& config, Announcer& announcer, aerie::core::Clock const& clock,
                             aerie::Logger const& log) {
    return SqliteStore(SqliteOptions{.file = config.database}, announcer, clock, log);
  });
  m.provides_existing<MessageStore, SqliteStore>();
  m.provides_existing<NotificationStore, SqliteStore>();
  m.exports<MessageStore, NotificationStore, Announcer>().global();
}

}  // namespace chat
