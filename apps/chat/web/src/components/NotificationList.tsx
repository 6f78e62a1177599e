import { useChat } from "../hooks/useChat";
import { useNow } from "../hooks/useNow";
import { useNotifications } from "../stores/notifications";
import { usePanel } from "../stores/panel";
import { Icon } from "./Icon";
import { NotificationItem } from "./NotificationItem";

export function NotificationList() {
  const { notifications: client } = useChat();
  const { list, unread, loaded, live, problem } = useNotifications();
  const show = usePanel((state) => state.show);
  const now = useNow();

  return (
    <>
      <div className="panel-bar">
        <p className="muted" role="status" data-testid="unread-count">
          {unread === 0 ? "Nothing unread" : `${unread} unread`}
        </p>
        {unread > 0 && (
          <button className="link" onClick={() => void client?.markAllRead()}>
            Mark all as read
          </button>
        )}
      </div>
      {problem !== null && (
        <p className="panel-note field-error" role="alert">
          {problem}
        </p>
      )}
      {!live && loaded && <p className="panel-note muted">What comes meanwhile is shown when the connection is back.</p>}
      {!loaded && problem === null && <p className="panel-note muted">Loading notifications…</p>}
      {loaded && list.length === 0 && (
        <p className="panel-empty muted">
          <Icon name="calendar" />
          Nobody has invited you to anything yet. Invitations appear here as soon as they are made.
        </p>
      )}
      <ul className="notifications" data-testid="notification-list" tabIndex={-1}>
        {list.map((notification) => (
          <NotificationItem
            key={notification.id}
            notification={notification}
            now={now}
            onRead={() => void client?.markRead(notification.id)}
          />
        ))}
      </ul>
      <footer className="panel-footer">
        <button className="button primary" data-testid="new-appointment-button" onClick={() => show("appointment")}>
          <Icon name="calendar" /> Plan an appointment
        </button>
      </footer>
    </>
  );
}
