#include "store/store.hpp"

#include "errors.hpp"
#include "store/calendar_writes.hpp"
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

Store::Store(Database database, StoreListener& listener, aerie::core::Clock const& clock,
             aerie::Logger const& log)
    : listener_(listener),
      clock_(clock),
      log_(log),
      id_(std::move(database.id)),
      secret_(std::move(database.secret)),
      writer_(std::move(database.writes), log),
      free_(std::move(database.reads)),
      readers_(free_.size()) {}

Store::~Store() = default;

Task<User> Store::user(std::string nickname) {
  Completion<User> reply;
  writer_.submit(std::make_unique<UserWrite>(reply.completer(), std::move(nickname), clock_));
  return answer_of(std::move(reply));
}

Task<Room> Store::create_room(std::string name) {
  Completion<std::optional<Room>> reply;
  writer_.submit(std::make_unique<RoomWrite>(reply.completer(), std::move(name), clock_, listener_));
  return created(std::move(reply));
}

Task<Message> Store::append(NewMessage message) {
  Completion<Message> reply;
  writer_.submit(std::make_unique<MessageWrite>(reply.completer(), std::move(message), clock_, listener_));
  return answer_of(std::move(reply));
}

Task<ChangedMessage> Store::change(MessageChange change) {
  Completion<ChangedMessage> reply;
  writer_.submit(std::make_unique<ChangeWrite>(reply.completer(), std::move(change), clock_, listener_));
  return answer_of(std::move(reply));
}

Task<ReadState> Store::read_up_to(UserId user, RoomId room, MessageId message) {
  Completion<ReadState> reply;
  writer_.submit(std::make_unique<ReadWrite>(reply.completer(), user, room, message, listener_));
  return answer_of(std::move(reply));
}

Task<void> Store::forget_room(UserId user, RoomId room) {
  Completion<void> reply;
  writer_.submit(std::make_unique<ForgetWrite>(reply.completer(), user, room, listener_));
  return answer_of(std::move(reply));
}

Task<std::optional<StoredImage>> Store::image(std::string key) {
  return read<std::optional<StoredImage>>(
      [key = std::move(key)](ReadTables& tables) { return tables.image(key); });
}

Task<std::vector<ReadState>> Store::reading(UserId user) {
  return read<std::vector<ReadState>>([user](ReadTables& tables) { return tables.reading(user); });
}

Task<void> Store::settled() {
  Completion<void> reply;
  writer_.submit(std::make_unique<Marker>(reply.completer()));
  return answer_of(std::move(reply));
}

Task<CalendarEvent> Store::create_event(NewEvent event) {
  Completion<CalendarEvent> reply;
  writer_.submit(std::make_unique<EventWrite>(reply.completer(), std::move(event), clock_, listener_));
  return answer_of(std::move(reply));
}

Task<bool> Store::mark_read(UserId user, NotificationId id) {
  Completion<bool> reply;
  writer_.submit(std::make_unique<MarkReadWrite>(reply.completer(), user, id, listener_));
  return answer_of(std::move(reply));
}

Task<NotificationPage> Store::notifications(UserId user, bool unread_only, std::size_t limit) {
  return read<NotificationPage>([user, unread_only, limit](ReadTables& tables) {
    return tables.notifications(user, unread_only, limit);
  });
}

Task<std::optional<Room>> Store::room(RoomId id) {
  return read<std::optional<Room>>([id](ReadTables& tables) { return tables.room(id); });
}

Task<std::vector<Room>> Store::rooms() {
  return read<std::vector<Room>>([](ReadTables& tables) { return tables.rooms(); });
}

Task<MessagePage> Store::history(RoomId room, std::optional<MessageId> before, std::size_t limit) {
  return read<MessagePage>(
      [room, before, limit](ReadTables& tables) { return tables.history(room, before, limit); });
}

Task<MessagePage> Store::search(RoomId room, std::string text, std::optional<MessageId> before,
                                std::size_t limit) {
  return read<MessagePage>([room, text = std::move(text), before, limit](ReadTables& tables) {
    return tables.search(room, text, before, limit);
  });
}

template <class Result, class Query>
Task<Result> Store::read(Query query) {
  Completion<Result> reply;
  readers_.submit([this, query, give = reply.completer()]() mutable {
    auto tables = borrow();
    try {
      give(query(*tables));
    } catch (std::exception const& error) {
      log_.write_once(aerie::LogLevel::error, "store", error.what(),
                      aerie::core::concat("cannot read: ", error.what()));
      give.fail(std::make_exception_ptr(
          ChatError(ErrorCode::store_failed, "The server cannot read this at the moment; try again later.")));
    }
    give_back(std::move(tables));
  });
  return answer_of(std::move(reply));
}

std::unique_ptr<ReadTables> Store::borrow() {
  std::scoped_lock const lock(mutex_);
  auto tables = std::move(free_.back());
  free_.pop_back();
  return tables;
}

void Store::give_back(std::unique_ptr<ReadTables> tables) {
  std::scoped_lock const lock(mutex_);
  free_.push_back(std::move(tables));
}

}  // namespace chat
