import { useWords } from "../hooks/useWords";
import { useNotifications } from "../stores/notifications";
import { usePanel } from "../stores/panel";
import { Icon } from "./Icon";

export function NotificationBell() {
  const words = useWords();
  const unread = useNotifications((state) => state.unread);
  const open = usePanel((state) => state.view !== null);
  const show = usePanel((state) => state.show);

  return (
    <button
      className="icon-button bell"
      data-testid="notification-bell"
      data-unread={unread}
      onClick={() => show("list")}
      aria-label={unread === 0 ? words.notifications : words.notificationsWith(unread)}
      aria-haspopup="dialog"
      aria-expanded={open}
      title={words.notifications}
    >
      <Icon name="bell" />
      {unread > 0 && (
        <span className="badge" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </button>
  );
}
