#include "store/sqlite_calendar.hpp"

#include "store/sqlite_rows.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chat {

namespace {

CalendarEvent event_from(sqlite::Rows const& rows, int first) {
  CalendarEvent event;
  event.id = rows.integer(first);
  event.title = rows.text(first + 1);
  event.starts_at = aerie::Date::from_milliseconds(rows.integer(first + 2));
  event.creator = {rows.integer(first + 3), rows.text(first + 4)};
  return event;
}

}  // namespace

CalendarWrites::CalendarWrites(sqlite::Connection& connection)
    : connection_(connection),
      find_user_(connection, "SELECT id FROM users WHERE nickname = ?"),
      add_event_(connection,
                 "INSERT INTO events (creator_id, client_id, title, starts_at) VALUES (?, ?, ?, ?) "
                 "ON CONFLICT (creator_id, client_id) DO NOTHING"),
      find_event_(connection,
                  "SELECT e.id, e.title, e.starts_at, u.id, u.nickname FROM events e "
                  "JOIN users u ON u.id = e.creator_id WHERE e.creator_id = ? AND e.client_id = ?"),
      add_notification_(connection,
                        "INSERT INTO notifications (user_id, event_id, created_at) VALUES (?, ?, ?)"),
      mark_(connection, "UPDATE notifications SET is_read = 1 WHERE id = ? AND user_id = ? AND is_read = 0"),
      find_notification_(connection, "SELECT 1 FROM notifications WHERE id = ? AND user_id = ?") {}

StoredEvent CalendarWrites::create(NewEvent const& event, aerie::Date now) {
  StoredEvent result;
  auto const invited = ids_of(event.invited, result.unknown);
  if (!invited) return result;
  std::string_view const client_id = event.client_id;
  std::string_view const title = event.title;
  add_event_.execute(event.creator.id, client_id, title, event.starts_at.milliseconds());
  auto const is_new = connection_.changes() != 0;
  result.event = stored(event);
  if (!is_new) return result;
  for (auto const user : *invited) {
    add_notification_.execute(user, result.event.id, now.milliseconds());
    result.notifications.emplace_back(
        user, Notification{connection_.last_row_id(), result.event, std::nullopt, now, false});
  }
  return result;
}

std::optional<std::vector<UserId>> CalendarWrites::ids_of(std::vector<std::string> const& nicknames,
                                                          std::optional<std::string>& unknown) {
  std::vector<UserId> ids;
  for (auto const& nickname : nicknames) {
    auto rows = find_user_.query(std::string_view(nickname));
    if (!rows.next()) {
      unknown = nickname;
      return std::nullopt;
    }
    if (std::ranges::find(ids, rows.integer(0)) == ids.end()) ids.push_back(rows.integer(0));
  }
  return ids;
}

CalendarEvent CalendarWrites::stored(NewEvent const& event) {
  auto rows = find_event_.query(event.creator.id, std::string_view(event.client_id));
  rows.next();
  return event_from(rows, 0);
}

Marked CalendarWrites::mark_read(UserId user, NotificationId id) {
  mark_.execute(id, user);
  if (connection_.changes() != 0) return Marked::now;
  return find_notification_.query(id, user).next() ? Marked::before : Marked::never_there;
}

CalendarReads::CalendarReads(sqlite::Connection& connection)
    : page_(connection,
            std::string("SELECT n.id, n.created_at, n.is_read, e.id, e.title, e.starts_at, c.id, c.nickname, "
                        "r.id, r.name, r.created_at, ") +
                message_columns +
                "FROM notifications n LEFT JOIN events e ON e.id = n.event_id "
                "LEFT JOIN users c ON c.id = e.creator_id LEFT JOIN messages m ON m.id = n.message_id "
                "LEFT JOIN users u ON u.id = m.sender_id LEFT JOIN rooms r ON r.id = m.room_id "
                "WHERE n.user_id = ? AND n.is_read <= ? ORDER BY n.id DESC LIMIT ?"),
      unread_(connection, "SELECT count(*) FROM notifications WHERE user_id = ? AND is_read = 0") {}

NotificationPage CalendarReads::page(UserId user, bool unread_only, std::size_t limit) {
  NotificationPage page;
  {
    auto rows = unread_.query(user);
    rows.next();
    page.unread = rows.integer(0);
  }
  std::int64_t const most_read = unread_only ? 0 : 1;
  auto rows = page_.query(user, most_read, static_cast<std::int64_t>(limit));
  while (rows.next()) {
    Notification notification;
    notification.id = rows.integer(0);
    notification.created_at = aerie::Date::from_milliseconds(rows.integer(1));
    notification.read = rows.integer(2) != 0;
    // Ids begin with 1; what is not there reads as 0.
    if (rows.integer(3) != 0) notification.event = event_from(rows, 3);
    if (rows.integer(8) != 0) notification.mention = Mention{room_from(rows, 8), message_from(rows, 11)};
    page.notifications.push_back(std::move(notification));
  }
  return page;
}

}  // namespace chat
