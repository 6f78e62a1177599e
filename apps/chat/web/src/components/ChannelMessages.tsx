import { useMemo } from "react";
import { useMessageScroll } from "../hooks/useMessageScroll";
import { useWords } from "../hooks/useWords";
import { channelBlocksOf } from "../lib/channelBlocks";
import type { ChannelState } from "../stores/channelStates";
import { ChannelAnnouncer } from "./ChannelAnnouncer";
import { DayLine } from "./DayLine";
import { MessageGroup } from "./MessageGroup";
import { MessageLog, ToTheNewest } from "./MessageLog";

export function ChannelMessages({ state }: { state: ChannelState }) {
  const words = useWords();
  const { log, names, sending } = state;
  const blocks = useMemo(() => channelBlocksOf(log), [log]);
  const ready = names.length > 0;
  const scroll = useMessageScroll({
    content: blocks,
    ready,
    firstId: null,
    written: sending ?? undefined,
    onNearTop: nothing,
  });

  return (
    <>
      <MessageLog scroll={scroll} toEnd={ready ? <ToTheNewest /> : null}>
        <p className="list-top muted">{ready ? (blocks.length > 0 ? words.saidLast : words.nothingSaid) : words.entering}</p>
        {blocks.map((block) => {
          if (block.kind === "day") return <DayLine key={block.key} time={block.time} />;
          if (block.kind === "gap") return <GapLine key={block.key} />;
          if (block.kind === "unread") return null;
          return <MessageGroup key={block.key} group={block} mine={names.includes(block.sender.nickname)} />;
        })}
      </MessageLog>
      <ChannelAnnouncer log={log} names={names} />
    </>
  );
}

function nothing(): void {}

function GapLine() {
  const words = useWords();
  return (
    <p className="day-line">
      <span>{words.wereAway}</span>
    </p>
  );
}
