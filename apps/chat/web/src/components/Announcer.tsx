import { useEffect, useRef, useState } from "react";
import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import type { Message } from "../lib/types";
import { emptyTimeline } from "../stores/timeline";
import { useTimelines } from "../stores/timelines";

/**
 * Reads new messages of others out to screen readers. The list itself is silent: it would read out a whole page of
 * old messages on scrolling back.
 */
export function Announcer({ roomId }: { roomId: number }) {
  const { me } = useChat();
  const words = useWords();
  const timeline = useTimelines((state) => state.byRoom[roomId] ?? emptyTimeline);
  const heardUpTo = useRef<number | null>(null);
  const [news, setNews] = useState<readonly Message[]>([]);

  useEffect(() => {
    const newest = timeline.messages.at(-1)?.id ?? 0;
    const since = heardUpTo.current;
    // What is there when the room is opened is not news.
    if (timeline.live || since !== null) heardUpTo.current = Math.max(newest, since ?? 0);
    if (since === null || newest <= since) return;
    setNews(timeline.messages.filter((message) => message.id > since && message.sender.id !== me.id && !message.deleted).slice(-5));
  }, [timeline, me.id]);

  return (
    <div className="sr-only" aria-live="polite">
      {news.map((message) => (
        <p key={message.id}>{`${message.sender.nickname}: ${message.content || words.image}`}</p>
      ))}
    </div>
  );
}
