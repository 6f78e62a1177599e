import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Timeline } from "../stores/timeline";
import { unreadCount, useRead } from "../stores/read";

interface Unread {
  /** The "new messages" line comes behind this message; null for no line. */
  lineAfter: number | null;
  count: number;
}

/** Marks messages as read when they can be seen, and remembers where the unread ones began. */
export function useUnread(roomId: number, timeline: Timeline, atEnd: boolean, myId: number): Unread {
  const upTo = useRead((state) => state.upTo[roomId]);
  const [lineAfter, setLineAfter] = useState<number | null>(upTo ?? null);
  const visible = useSyncExternalStore(onVisibility, isVisible);
  const { messages, live, pending } = timeline;

  const known = useRead((state) => state.states[roomId]);
  const count = useMemo(
    () => (upTo === undefined ? 0 : unreadCount(timeline, upTo, known, myId)),
    [timeline, upTo, known, myId],
  );

  // A new run of unread messages moves the line; what was above it has been seen.
  const hadUnread = useRef(count > 0);
  useEffect(() => {
    if (count > 0 && !hadUnread.current && !(atEnd && visible)) setLineAfter(upTo ?? null);
    hadUnread.current = count > 0;
  }, [count, atEnd, visible, upTo]);

  useEffect(() => {
    // Also an empty room is one that one takes part in from now on.
    if (live && atEnd && visible) useRead.getState().mark(roomId, messages.at(-1)?.id ?? 0);
  }, [messages, live, atEnd, visible, roomId]);

  // Who answers has read.
  const written = pending.length;
  useEffect(() => {
    if (written > 0) setLineAfter(null);
  }, [written]);

  return { lineAfter, count };
}

function onVisibility(changed: () => void): () => void {
  document.addEventListener("visibilitychange", changed);
  return () => document.removeEventListener("visibilitychange", changed);
}

function isVisible(): boolean {
  return document.visibilityState === "visible";
}
