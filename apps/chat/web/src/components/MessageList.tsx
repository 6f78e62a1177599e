import { memo, useMemo, useRef, type ReactNode } from "react";
import { useChat } from "../hooks/useChat";
import { useMessageScroll } from "../hooks/useMessageScroll";
import { useOlder } from "../hooks/useOlder";
import { useUnread } from "../hooks/useUnread";
import { useWords } from "../hooks/useWords";
import { blocksOf, isSameBlock, partsOf, type Block } from "../lib/grouping";
import { emptyTimeline } from "../stores/timeline";
import { useTimelines } from "../stores/timelines";
import type { Words } from "../words/en";
import { DayLine } from "./DayLine";
import { ListTop } from "./ListTop";
import { MessageGroup } from "./MessageGroup";
import { MessageLog, ToTheNewest } from "./MessageLog";

export function MessageList({ roomId }: { roomId: number }) {
  const words = useWords();
  const { me } = useChat();
  const timeline = useTimelines((state) => state.byRoom[roomId] ?? emptyTimeline);
  const { messages, pending } = timeline;
  const ready = timeline.live || timeline.knownUpTo !== null;
  const older = useOlder(roomId);
  const scroll = useMessageScroll({
    content: timeline,
    ready,
    firstId: messages[0]?.id ?? null,
    written: pending.at(-1)?.clientId,
    onNearTop: older.loadUnlessFailed,
  });
  const { lineAfter, count } = useUnread(roomId, timeline, scroll.atEnd, me.id);
  const anchor = useRef<number | null>(null);
  anchor.current ??= messages[0]?.id ?? null;
  const parts = useMemo(
    () => partsOf(blocksOf(messages, pending, lineAfter, me.id), anchor.current),
    [messages, pending, lineAfter, me.id],
  );

  return (
    <MessageLog scroll={scroll} toEnd={ready ? toEndLabel(count, words) : null}>
      <ListTop timeline={timeline} error={older.error} onRetry={older.load} />
      {parts.map(({ key, blocks }) => (
        <MessagePart key={key} blocks={blocks} myId={me.id} />
      ))}
    </MessageLog>
  );
}

interface MessagePartProps {
  blocks: readonly Block[];
  myId: number;
}

/** Some blocks in a row. All are made anew with each change of the room; most are drawn once. */
const MessagePart = memo(
  function MessagePart({ blocks, myId }: MessagePartProps) {
    return (
      <div className="part">
        {blocks.map((block) => {
          if (block.kind === "day") return <DayLine key={block.key} time={block.time} />;
          if (block.kind === "unread") return <UnreadLine key={block.key} />;
          return <MessageGroup key={block.key} group={block} mine={block.sender.id === myId} editable />;
        })}
      </div>
    );
  },
  (before, now) =>
    before.myId === now.myId &&
    before.blocks.length === now.blocks.length &&
    before.blocks.every((block, index) => isSameBlock(block, now.blocks[index]!)),
);

function toEndLabel(unread: number, words: Words): ReactNode {
  if (unread === 0) return <ToTheNewest />;
  return words.countNew(unread);
}

function UnreadLine() {
  const words = useWords();
  return (
    <p className="unread-line" data-unread-line="">
      <span>{words.newMessages}</span>
    </p>
  );
}
