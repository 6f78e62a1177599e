import { useCallback, useEffect, useRef } from "react";
import { useChat } from "./useChat";

/** Others forget a typist after six seconds, so a long text says it again before that. */
const REPEAT_MS = 3_000;
const PAUSE_MS = 4_000;

interface Typing {
  typed: () => void;
  stopped: () => void;
}

/** Tells the room that one types: at the first key, again while it goes on, and when it stops. */
export function useTyping(roomId: number): Typing {
  const { client } = useChat();
  const toldAt = useRef<number | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>();

  const stopped = useCallback(() => {
    clearTimeout(pause.current);
    if (toldAt.current === null) return;
    toldAt.current = null;
    client?.tellTyping(roomId, false);
  }, [client, roomId]);

  const typed = useCallback(() => {
    clearTimeout(pause.current);
    pause.current = setTimeout(stopped, PAUSE_MS);
    const now = Date.now();
    if (toldAt.current !== null && now - toldAt.current < REPEAT_MS) return;
    toldAt.current = now;
    client?.tellTyping(roomId, true);
  }, [client, roomId, stopped]);

  useEffect(() => stopped, [stopped]);

  return { typed, stopped };
}
