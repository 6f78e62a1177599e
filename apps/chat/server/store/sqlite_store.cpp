#include "store/sqlite_store.hpp"

#include "errors.hpp"
#include "store/calendar_writes.hpp"
#include "store/database_file.hpp"
#include "store/writes.hpp"

#include <memory>
#include <utility>

namespace chat {

namespace {

using aerie::Task;
using aerie::core::Completion;

template <class Result>
Task<Result> answer_of(Completion<Result> reply) {
  co_return co_await reply;
}

Task<Room> created(Completion<std::optional<Room>> reply) {
  auto room = co_await reply;
  if (!room) throw ChatError(ErrorCode::room_exists, "A room with this name already exists.");
  co_return std::move(*room);
}

}  // namespace

SqliteStore::SqliteStore(SqliteOptions const& options, StoreListener& listener,
                         aerie::core::Clock const& clock, aerie::Logger const& log)
    : listener_(listener),
      clock_(clock),
      log_(log),
      writer_(open_database(options.file, options.lock_timeout, clock.wall()), log),
      connection_(open_for_reading(options.file, options.lock_timeout)),
      tables_(connection_),
      id_(tables_.store_id()) {}

SqliteStore::~SqliteStore() = default;

Task<User> SqliteStore::user(std::string nickname) {
  Completion<User> reply;
  writer_.submit(std::make_unique<UserWrite>(reply.completer(), std::move(nickname), clock_));
  return answer_of(std::move(reply));
}

Task<Room> SqliteStore::create_room(std::string name) {
  Completion<std::optional<Room>> reply;
  writer_.submit(std::make_unique<RoomWrite>(reply.completer(), std::move(name), clock_, listener_));
  return created(std::move(reply));
}

Task<Message> SqliteStore::append(NewMessage message) {
  Completion<Message> reply;
  writer_.submit(std::make_unique<MessageWrite>(reply.completer(), std::move(message), clock_, listener_));
  return answer_of(std::move(reply));
}

Task<void> SqliteStore::settled() {
  Completion<void> reply;
  writer_.submit(std::make_unique<Marker>(reply.completer()));
  return answer_of(std::move(reply));
}

Task<CalendarEvent> SqliteStore::create_event(NewEvent event) {
  Completion<CalendarEvent> reply;
  writer_.submit(std::make_unique<EventWrite>(reply.completer(), std::move(event), clock_, listener_));
  return answer_of(std::move(reply));
}

Task<bool> SqliteStore::mark_read(UserId user, NotificationId id) {
  Completion<bool> reply;
  writer_.submit(std::make_unique<MarkReadWrite>(reply.completer(), user, id, listener_));
  return answer_of(std::move(reply));
}

Task<NotificationPage> SqliteStore::notifications(UserId user, bool unread_only, std::size_t limit) {
  return read<NotificationPage>(
      [this, user, unread_only, limit] { return tables_.calendar().page(user, unread_only, limit); });
}

Task<std::optional<Room>> SqliteStore::room(RoomId id) {
  return read<std::optional<Room>>([this, id] { return tables_.room(id); });
}

Task<std::vector<Room>> SqliteStore::rooms() {
  return read<std::vector<Room>>([this] { return tables_.rooms(); });
}

Task<MessagePage> SqliteStore::history(RoomId room, std::optional<MessageId> before, std::size_t limit) {
  return read<MessagePage>([this, room, before, limit] { return tables_.history(room, before, limit); });
}

template <class Result, class Query>
Task<Result> SqliteStore::read(Query query) {
  Completion<Result> reply;
  reader_.submit([this, query, give = reply.completer()]() mutable {
    try {
      give(query());
    } catch (std::exception const& error) {
      log_.write_once(aerie::LogLevel::error, "store", error.what(),
                      aerie::core::concat("cannot read: ", error.what()));
      give.fail(std::make_exception_ptr(
          ChatError(ErrorCode::store_failed, "The server cannot read this at the moment; try again later.")));
    }
  });
  return answer_of(std::move(reply));
}

}  // namespace chat
