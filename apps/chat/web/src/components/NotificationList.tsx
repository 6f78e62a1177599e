import { useChat } from "../hooks/useChat";
import { useNow } from "../hooks/useNow";
import { useWords } from "../hooks/useWords";
import { useNotifications } from "../stores/notifications";
import { usePanel } from "../stores/panel";
import { Icon } from "./Icon";
import { NotificationItem } from "./NotificationItem";

export function NotificationList() {
  const words = useWords();
  const { notifications: client } = useChat();
  const { list, unread, loaded, live, problem } = useNotifications();
  const show = usePanel((state) => state.show);
  const now = useNow();

  return (
    <>
      <div className="panel-bar">
        <p className="muted" role="status" data-testid="unread-count">
          {unread === 0 ? words.nothingUnread : words.countUnread(unread)}
        </p>
        {unread > 0 && (
          <button className="link" onClick={() => void client?.markAllRead()}>
            {words.markAllRead}
          </button>
        )}
      </div>
      {problem !== null && (
        <p className="panel-note field-error" role="alert">
          {problem}
        </p>
      )}
      {!live && loaded && <p className="panel-note muted">{words.shownWhenBack}</p>}
      {!loaded && problem === null && <p className="panel-note muted">{words.loadingNotifications}</p>}
      {loaded && list.length === 0 && (
        <p className="panel-empty muted">
          <Icon name="calendar" />
          {words.noNotifications}
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
          <Icon name="calendar" /> {words.planAppointment}
        </button>
      </footer>
    </>
  );
}
