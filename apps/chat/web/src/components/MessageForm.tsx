import { useEffect, useLayoutEffect, useRef, type FormEvent, type KeyboardEvent } from "react";
import { useWords } from "../hooks/useWords";
import { MAX_CONTENT_LENGTH } from "../lib/types";
import { Icon } from "./Icon";

/** From here on the number of characters is shown. */
const SHOW_LENGTH = MAX_CONTENT_LENGTH - 200;

interface MessageFormProps {
  text: string;
  /** There is somewhere to send to. */
  canSend: boolean;
  disabled?: boolean;
  /** A message is on its way, and its text stays as it is. */
  busy?: boolean;
  onText: (text: string) => void;
  /** With the text to send, which is not empty and not too long. */
  onSend: (content: string) => void;
  onBlur?: () => void;
  /** The arrow up in the empty field. */
  onUp?: () => void;
}

/** The field to write in, which grows with what is written; Enter sends. */
export function MessageForm({ text, canSend, disabled = false, busy = false, onText, onSend, onBlur, onUp }: MessageFormProps) {
  const words = useWords();
  const input = useRef<HTMLTextAreaElement>(null);

  const length = text.length > SHOW_LENGTH ? [...text].length : text.length;
  const tooLong = length > MAX_CONTENT_LENGTH;
  const ready = canSend && !busy && text.trim() !== "" && !tooLong;

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
    if (ready) onSend(text.trim());
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "ArrowUp" && text === "" && onUp) {
      event.preventDefault();
      onUp();
    }
    // While an input method composes a character, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form className="composer" onSubmit={onSubmit} aria-busy={busy}>
      <label className="sr-only" htmlFor="message-input">
        {words.message}
      </label>
      <textarea
        id="message-input"
        ref={input}
        className="field"
        data-testid="message-input"
        rows={1}
        placeholder={words.writeMessage}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
        enterKeyHint="send"
        disabled={disabled}
        readOnly={busy}
        aria-invalid={tooLong}
        aria-describedby="message-length"
      />
      <button className="icon-button send" data-testid="send-button" aria-label={words.send} aria-disabled={!ready}>
        <Icon name="send" />
      </button>
      <p id="message-length" className="length" data-over={tooLong} role={tooLong ? "alert" : undefined}>
        {length > SHOW_LENGTH && (tooLong ? words.charactersTooMany(length - MAX_CONTENT_LENGTH) : `${length} / ${MAX_CONTENT_LENGTH}`)}
      </p>
    </form>
  );
}
