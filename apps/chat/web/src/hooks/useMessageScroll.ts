import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Closer than this to the end counts as being at the end, in CSS pixels. */
const END_PX = 48;
/** Closer than this to the top, older messages are wanted. */
const TOP_PX = 320;
const UNREAD_LINE_OFFSET_PX = 64;

interface MessageScrollOptions {
  /** Changes with every change of what is drawn. */
  content: unknown;
  /** The first history is drawn: time to choose where to begin. */
  ready: boolean;
  /** The first message, which keeps its place when older ones come before it. */
  firstId: number | null;
  /** What one has written last: it is to be seen, wherever one was. */
  written: string | undefined;
  /** Called near the top, perhaps often. */
  onNearTop: () => void;
}

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement>;
  /** What is scrolled. */
  drawn: RefObject<HTMLDivElement>;
  atEnd: boolean;
  onScroll: () => void;
  toEnd: () => void;
}

/**
 * Where the list of messages stands: it begins at the unread line or the end, stays at the end while it is there
 * (also when the window or the keyboard changes its height), and does not move when older messages come above.
 */
export function useMessageScroll({ content, ready, firstId, written, onNearTop }: MessageScrollOptions): MessageScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const drawn = useRef<HTMLDivElement>(null);
  // Not before it is known: being at the end means that the messages are seen.
  const [atEnd, setAtEnd] = useState(false);
  const sticks = useRef(true);
  const begun = useRef(false);
  const first = useRef<{ id: number; top: number } | null>(null);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    sticks.current = true;
    setAtEnd(true);
    element.scrollTop = element.scrollHeight;
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element || !begun.current) return;
    sticks.current = isAtEnd(element);
    setAtEnd(sticks.current);
    if (element.scrollTop < TOP_PX) onNearTop();
  }, [onNearTop]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !ready) return;
    if (!begun.current) {
      begun.current = true;
      const line = element.querySelector<HTMLElement>("[data-unread-line]");
      element.scrollTop = line ? line.offsetTop - UNREAD_LINE_OFFSET_PX : element.scrollHeight;
      // Who is nearly at the end has read all, and is to see all.
      if (isAtEnd(element)) element.scrollTop = element.scrollHeight;
    } else if (sticks.current) {
      element.scrollTop = element.scrollHeight;
    } else if (first.current) {
      const now = messageTop(element, first.current.id);
      if (now !== null) element.scrollTop += now - first.current.top;
    }
    const top = firstId === null ? null : messageTop(element, firstId);
    first.current = firstId === null || top === null ? null : { id: firstId, top };
    onScroll();
  }, [content, ready, firstId, onScroll]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !drawn.current) return;
    const measured = new Measured(drawn.current);
    const observer = new ResizeObserver(() => {
      measured.widthIs(element.clientWidth);
      if (sticks.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    observer.observe(drawn.current);
    return () => {
      observer.disconnect();
      measured.stop();
    };
  }, []);

  useEffect(() => {
    return whenDrawn(() => markDrawn(drawn.current));
  }, [content]);

  useEffect(() => {
    if (written !== undefined) toEnd();
  }, [written, toEnd]);

  return { scroller, drawn, atEnd, onScroll, toEnd };
}

function isAtEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
}

function messageTop(scroller: HTMLElement, id: number): number | null {
  const message = scroller.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
  if (!message) return null;
  return message.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
}

/** Parts whose height the browser has seen, and remembers while they are not drawn. */
function markDrawn(element: HTMLElement | null): void {
  element?.querySelectorAll(".part:not(.drawn)").forEach((part) => part.classList.add("drawn"));
}

/** Calls when what is there now has been laid out. Returns how to stop that. */
function whenDrawn(action: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(action);
  });
  return () => cancelAnimationFrame(frame);
}

/** How long a window is dragged before its new width counts. */
const RESIZED_MS = 200;

/** In another width all heights are others: everything is drawn once. */
class Measured {
  private width = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopWaiting: (() => void) | undefined;

  constructor(private readonly element: HTMLElement) {}

  widthIs(width: number): void {
    if (width === this.width) return;
    const isFirst = this.width === 0;
    this.width = width;
    if (isFirst) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.element.classList.add("measuring");
      this.stopWaiting = whenDrawn(() => this.element.classList.remove("measuring"));
    }, RESIZED_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stopWaiting?.();
  }
}
