import type { Timeline } from "../stores/timeline";

interface ListTopProps {
  timeline: Timeline;
  error: string | null;
  onRetry: () => void;
}

/** The place above the first message; always of one height, so that loading does not move the messages. */
export function ListTop({ timeline, error, onRetry }: ListTopProps) {
  return <div className="list-top muted">{content()}</div>;

  function content() {
    if (error !== null) {
      return (
        <span role="alert">
          Older messages could not be loaded. {error}{" "}
          <button className="link" onClick={onRetry}>
            Try again
          </button>
        </span>
      );
    }
    if (timeline.knownUpTo === null && !timeline.live) return "Loading messages…";
    if (timeline.hasOlder) return "Loading earlier messages…";
    if (timeline.messages.length === 0 && timeline.pending.length === 0) return "No messages yet. Write the first one.";
    return "This is where the room begins.";
  }
}
