import { useEffect } from "react";
import { useWords } from "../hooks/useWords";
import { usePresence } from "../stores/presence";

/** Always takes its line, so that the messages do not move when somebody begins to type. */
export function TypingLine({ roomId }: { roomId: number }) {
  const words = useWords();
  const typists = usePresence((state) => state.typing[roomId]);
  const names = typists?.map((typist) => typist.user.nickname) ?? [];

  useEffect(() => {
    const timer = setInterval(() => usePresence.getState().dropStale(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);

  return (
    <p className="typing" data-testid="typing" aria-live="off">
      {names.length > 0 && (
        <>
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className="text">{words.typing(names)}</span>
        </>
      )}
    </p>
  );
}
