import { useEffect } from "react";
import { usePresence } from "../stores/presence";

/** Always takes its line, so that the messages do not move when somebody begins to type. */
export function TypingLine({ roomId }: { roomId: number }) {
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
          <span className="text">{sentence(names)}</span>
        </>
      )}
    </p>
  );
}

function sentence(names: string[]): string {
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  return `${names[0]} and ${names.length - 1} others are typing…`;
}
