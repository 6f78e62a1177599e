import { useEffect, useMemo } from "react";
import { useChat } from "../hooks/useChat";
import { useMessageScroll } from "../hooks/useMessageScroll";
import { useOlder } from "../hooks/useOlder";
import { useUnread } from "../hooks/useUnread";
import { blocksOf } from "../lib/grouping";
import { emptyTimeline } from "../stores/timeline";
import { useTimelines } from "../stores/timelines";
import { DayLine } from "./DayLine";
import { Icon } from "./Icon";
import { ListTop } from "./ListTop";
import { MessageGroup } from "./MessageGroup";

export function MessageList({ roomId }: { roomId: number }) {
  const { me } = useChat();
  const timeline = useTimelines((state) => state.byRoom[roomId] ?? emptyTimeline);
  const { messages, pending } = timeline;
  const ready = timeline.live || timeline.knownUpTo !== null;
  const older = useOlder(roomId);
  const { scroller, drawn, atEnd, onScroll, toEnd } = useMessageScroll({
    content: timeline,
    ready,
    firstId: messages[0]?.id ?? null,
    onNearTop: older.loadUnlessFailed,
  });
  const { lineAfter, count } = useUnread(roomId, timeline, atEnd, me.id);
  const blocks = useMemo(() => blocksOf(messages, pending, lineAfter, me.id), [messages, pending, lineAfter, me.id]);

  // What one has just written is to be seen, wherever one was.
  const newestWritten = pending.at(-1)?.clientId;
  useEffect(() => {
    if (newestWritten !== undefined) toEnd();
  }, [newestWritten, toEnd]);

  return (
    <>
      <div
        ref={scroller}
        className="message-list"
        data-testid="message-list"
        role="log"
        aria-label="Messages"
        aria-live="off"
        tabIndex={0}
        onScroll={onScroll}
      >
        <div ref={drawn}>
          <ListTop timeline={timeline} error={older.error} onRetry={older.load} />
          {blocks.map((block) => {
            if (block.kind === "day") return <DayLine key={block.key} time={block.time} />;
            if (block.kind === "unread") return <UnreadLine key={block.key} />;
            return <MessageGroup key={block.key} group={block} mine={block.sender.id === me.id} />;
          })}
        </div>
      </div>
      {ready && !atEnd && (
        <button className="to-end" onClick={toEnd}>
          {count > 0 ? `${count} new ${count === 1 ? "message" : "messages"}` : <span className="sr-only">To the newest</span>}
          <Icon name="down" />
        </button>
      )}
    </>
  );
}

function UnreadLine() {
  return (
    <p className="unread-line" data-unread-line="">
      <span>New messages</span>
    </p>
  );
}
