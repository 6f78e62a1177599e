import type { ReactNode } from "react";
import type { MessageScroll } from "../hooks/useMessageScroll";
import { useWords } from "../hooks/useWords";
import { Icon } from "./Icon";

interface MessageLogProps {
  scroll: MessageScroll;
  /** What the way to the end is called while one is not there; null before there is an end. */
  toEnd: ReactNode | null;
  children: ReactNode;
}

/** Messages that are scrolled. */
export function MessageLog({ scroll, toEnd, children }: MessageLogProps) {
  const words = useWords();
  return (
    <>
      <div
        ref={scroll.scroller}
        className="message-list"
        data-testid="message-list"
        role="log"
        aria-label={words.messages}
        aria-live="off"
        tabIndex={0}
        onScroll={scroll.onScroll}
      >
        <div ref={scroll.drawn}>{children}</div>
      </div>
      {toEnd !== null && !scroll.atEnd && (
        <button className="to-end" onClick={scroll.toEnd}>
          {toEnd}
          <Icon name="down" />
        </button>
      )}
    </>
  );
}

export function ToTheNewest() {
  return <span className="sr-only">{useWords().toTheNewest}</span>;
}
