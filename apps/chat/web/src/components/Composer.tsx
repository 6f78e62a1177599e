import { useEffect, useLayoutEffect, useRef, type FormEvent, type KeyboardEvent } from "react";
import { useChat } from "../hooks/useChat";
import { useTyping } from "../hooks/useTyping";
import { MAX_CONTENT_LENGTH } from "../lib/types";
import { useDrafts } from "../stores/drafts";
import { useRooms } from "../stores/rooms";
import { Icon } from "./Icon";

/** From here on the number of characters is shown. */
const SHOW_LENGTH = MAX_CONTENT_LENGTH - 200;

export function Composer({ roomId }: { roomId: number }) {
  const { client } = useChat();
  const text = useDrafts((state) => state.byRoom[roomId] ?? "");
  const setDraft = useDrafts((state) => state.set);
  const member = useRooms((state) => state.joined.includes(roomId));
  const { typed, stopped } = useTyping(roomId);
  const input = useRef<HTMLTextAreaElement>(null);

  const length = text.length > SHOW_LENGTH ? [...text].length : text.length;
  const tooLong = length > MAX_CONTENT_LENGTH;
  const canSend = client !== null && member && text.trim() !== "" && !tooLong;

  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  useEffect(() => {
    // On touch screens focus would bring up the keyboard over the messages.
    if (window.matchMedia("(hover: hover)").matches) input.current?.focus({ preventScroll: true });
  }, []);

  function send(): void {
    if (!client || !canSend) return;
    client.send(roomId, text.trim());
    setDraft(roomId, "");
    stopped();
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes a character, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form className="composer" onSubmit={onSubmit}>
      <label className="sr-only" htmlFor="message-input">
        Message
      </label>
      <textarea
        id="message-input"
        ref={input}
        className="field"
        data-testid="message-input"
        rows={1}
        placeholder="Write a message"
        value={text}
        onChange={(event) => {
          setDraft(roomId, event.target.value);
          if (event.target.value === "") stopped();
          else typed();
        }}
        onKeyDown={onKeyDown}
        onBlur={stopped}
        enterKeyHint="send"
        disabled={!member}
        aria-invalid={tooLong}
        aria-describedby="message-length"
      />
      <button className="icon-button send" data-testid="send-button" aria-label="Send" aria-disabled={!canSend}>
        <Icon name="send" />
      </button>
      <p id="message-length" className="length" data-over={tooLong} role={tooLong ? "alert" : undefined}>
        {length > SHOW_LENGTH && (tooLong ? `${length - MAX_CONTENT_LENGTH} characters too many` : `${length} / ${MAX_CONTENT_LENGTH}`)}
      </p>
    </form>
  );
}
