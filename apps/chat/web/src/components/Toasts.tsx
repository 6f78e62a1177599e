import { useEffect, useState } from "react";
import { useChat } from "../hooks/useChat";
import { useGoToMessage } from "../hooks/useGoToMessage";
import { useWords } from "../hooks/useWords";
import { dayAndClock } from "../lib/time";
import type { Notification } from "../lib/types";
import { usePanel } from "../stores/panel";
import { useToasts } from "../stores/toasts";
import { Icon } from "./Icon";
import { NotificationSentence } from "./NotificationSentence";

const SHOWN_MS = 8_000;

/** Announces notifications as they come, also to screen readers. */
export function Toasts() {
  const shown = useToasts((state) => state.shown);
  return (
    <div className="toasts" role="status" aria-live="polite" data-testid="toasts">
      {shown.map((notification) => (
        <Toast key={notification.id} notification={notification} />
      ))}
    </div>
  );
}

function Toast({ notification }: { notification: Notification }) {
  const { id, event, mention } = notification;
  const words = useWords();
  const { notifications: client } = useChat();
  const goToMessage = useGoToMessage();
  const dismiss = useToasts((state) => state.dismiss);
  const show = usePanel((state) => state.show);
  const [held, setHeld] = useState(false);

  // Not while somebody is reading it.
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, dismiss, id]);

  function open(): void {
    if (!mention) return show("list");
    void client?.markRead(id);
    goToMessage(mention.message);
  }

  return (
    <div
      className="toast"
      data-testid="toast"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name={mention ? "at" : "calendar"} />
      <div className="toast-text">
        <p>
          <NotificationSentence notification={notification} />
        </p>
        {event && <p className="muted">{dayAndClock(event.startsAt)}</p>}
        {mention && <p className="muted toast-quote">{mention.message.content || words.image}</p>}
      </div>
      <button className="button quiet" onClick={open}>
        {words.show}
      </button>
      <button className="icon-button" onClick={() => dismiss(id)} aria-label={words.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
