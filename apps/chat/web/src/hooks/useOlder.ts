import { useCallback, useRef, useState } from "react";
import { inWords } from "../lib/errors";
import { timelineOf } from "../stores/timelines";
import { useChat } from "./useChat";

interface Older {
  /** Why the last try failed, in words; then only `load` tries again. */
  error: string | null;
  load: () => void;
  loadUnlessFailed: () => void;
}

/** Loads the page of history before the first message, one at a time. */
export function useOlder(roomId: number): Older {
  const { client } = useChat();
  const [error, setError] = useState<string | null>(null);
  const busy = useRef(false);

  const load = useCallback(() => {
    const { hasOlder, knownUpTo } = timelineOf(roomId);
    if (!client || busy.current || !hasOlder || knownUpTo === null) return;
    busy.current = true;
    setError(null);
    client
      .loadOlder(roomId)
      .catch((reason: unknown) => setError(inWords(reason)))
      .finally(() => {
        busy.current = false;
      });
  }, [client, roomId]);

  const loadUnlessFailed = useCallback(() => {
    if (error === null) load();
  }, [error, load]);

  return { error, load, loadUnlessFailed };
}
