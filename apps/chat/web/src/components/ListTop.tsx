import { useWords } from "../hooks/useWords";
import type { Timeline } from "../stores/timeline";

interface ListTopProps {
  timeline: Timeline;
  error: string | null;
  onRetry: () => void;
}

/** The place above the first message; always of one height, so that loading does not move the messages. */
export function ListTop({ timeline, error, onRetry }: ListTopProps) {
  const words = useWords();
  return <div className="list-top muted">{content()}</div>;

  function content() {
    if (error !== null) {
      return (
        <span role="alert">
          {words.olderNotLoaded} {error}{" "}
          <button className="link" onClick={onRetry}>
            {words.tryAgain}
          </button>
        </span>
      );
    }
    if (timeline.knownUpTo === null && !timeline.live) return words.loadingMessages;
    if (timeline.hasOlder) return words.loadingEarlier;
    if (timeline.messages.length === 0 && timeline.pending.length === 0) return words.noMessages;
    return words.roomBegins;
  }
}
