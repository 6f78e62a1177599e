import { useGoToMessage } from "../hooks/useGoToMessage";
import { useWords } from "../hooks/useWords";
import { ago, dayAndClock, exactTime, isoTime } from "../lib/time";
import type { Notification } from "../lib/types";
import { Avatar } from "./Avatar";
import { Icon } from "./Icon";
import { NotificationSentence } from "./NotificationSentence";

interface NotificationItemProps {
  notification: Notification;
  now: Date;
  onRead: () => void;
}

export function NotificationItem({ notification, now, onRead }: NotificationItemProps) {
  const words = useWords();
  const { event, mention, createdAt, read } = notification;
  const goToMessage = useGoToMessage();
  const who = mention?.message.sender ?? event?.creator;
  const what = event?.title ?? mention?.room.name ?? "";
  return (
    <li className="notification" data-testid="notification" data-read={read}>
      {who && <Avatar user={who} />}
      <div className="notification-text">
        <p>
          <NotificationSentence notification={notification} />
        </p>
        {event && (
          <p className="notification-when">
            <Icon name="calendar" />
            <time dateTime={isoTime(event.startsAt)} title={exactTime(event.startsAt)}>
              {dayAndClock(event.startsAt, now)}
            </time>
          </p>
        )}
        {mention && (
          <p className="notification-quote">
            {mention.message.deleted ? words.deletedMessage : mention.message.content || words.image}{" "}
            <button
              className="link"
              data-testid="go-to-message-button"
              onClick={() => {
                if (!read) onRead();
                goToMessage(mention.message);
              }}
            >
              {words.goToMessage}
            </button>
          </p>
        )}
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
          aria-label={`${words.markRead}: ${what}`}
          title={words.markRead}
        >
          <Icon name="check" />
        </button>
      )}
    </li>
  );
}
