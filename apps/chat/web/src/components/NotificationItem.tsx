import { useWords } from "../hooks/useWords";
import { ago, dayAndClock, exactTime, isoTime } from "../lib/time";
import type { Notification } from "../lib/types";
import { Avatar } from "./Avatar";
import { Icon } from "./Icon";

interface NotificationItemProps {
  notification: Notification;
  now: Date;
  onRead: () => void;
}

export function NotificationItem({ notification, now, onRead }: NotificationItemProps) {
  const words = useWords();
  const { event, createdAt, read } = notification;
  return (
    <li className="notification" data-testid="notification" data-read={read}>
      <Avatar user={event.creator} />
      <div className="notification-text">
        <p>
          <strong>{event.creator.nickname}</strong>
          {words.invites[0]}
          <strong>{event.title}</strong>
          {words.invites[1]}
        </p>
        <p className="notification-when">
          <Icon name="calendar" />
          <time dateTime={isoTime(event.startsAt)} title={exactTime(event.startsAt)}>
            {dayAndClock(event.startsAt, now)}
          </time>
        </p>
        <p className="muted">
          {!read && <span className="sr-only">{words.unreadSentence}</span>}
          <time dateTime={isoTime(createdAt)} title={exactTime(createdAt)}>
            {ago(createdAt, now)}
          </time>
        </p>
      </div>
      {!read && (
        <button
          className="icon-button mark-read"
          data-testid="mark-read-button"
          onClick={onRead}
          aria-label={`${words.markRead}: ${event.title}`}
          title={words.markRead}
        >
          <Icon name="check" />
        </button>
      )}
    </li>
  );
}
