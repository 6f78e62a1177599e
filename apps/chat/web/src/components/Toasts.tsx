import { useEffect, useState } from "react";
import { useWords } from "../hooks/useWords";
import { dayAndClock } from "../lib/time";
import type { Notification } from "../lib/types";
import { usePanel } from "../stores/panel";
import { useToasts } from "../stores/toasts";
import { Icon } from "./Icon";

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

function Toast({ notification: { id, event } }: { notification: Notification }) {
  const words = useWords();
  const dismiss = useToasts((state) => state.dismiss);
  const show = usePanel((state) => state.show);
  const [held, setHeld] = useState(false);

  // Not while somebody is reading it.
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, dismiss, id]);

  return (
    <div
      className="toast"
      data-testid="toast"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name="calendar" />
      <div className="toast-text">
        <p>
          <strong>{event.creator.nickname}</strong>
          {words.invites[0]}
          <strong>{event.title}</strong>
          {words.invites[1]}
        </p>
        <p className="muted">{dayAndClock(event.startsAt)}</p>
      </div>
      <button className="button quiet" onClick={() => show("list")}>
        {words.show}
      </button>
      <button className="icon-button" onClick={() => dismiss(id)} aria-label={words.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
