import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type ClipboardEvent, type DragEvent, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { useWords } from "../hooks/useWords";
import { MAX_CONTENT_LENGTH } from "../lib/types";
import { completed, matching, writingAt } from "../lib/mentions";
import { Icon } from "./Icon";
import { MentionList, optionId } from "./MentionList";

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
  /** Something goes with the text, which may be empty then. */
  attached?: boolean;
  /** A button before the field, and what is above it. */
  attach?: ReactNode;
  above?: ReactNode;
  /** An image that is pasted or dropped. */
  onFile?: (file: File) => void;
  /** Who can be mentioned here. */
  people?: readonly string[];
}

const nobody: readonly string[] = [];

/** The field to write in, which grows with what is written; Enter sends. */
export function MessageForm({ text, canSend, disabled = false, busy = false, onText, onSend, onBlur, onUp, attached = false, attach, above, onFile, people = nobody }: MessageFormProps) {
  const words = useWords();
  const input = useRef<HTMLTextAreaElement>(null);

  const length = text.length > SHOW_LENGTH ? [...text].length : text.length;
  const tooLong = length > MAX_CONTENT_LENGTH;
  const ready = canSend && !busy && (attached || text.trim() !== "") && !tooLong;

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

  const listId = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const writing = useMemo(() => (caret === null ? null : writingAt(text, caret)), [text, caret]);
  const names = useMemo(() => (writing === null ? [] : matching(people, writing.query)), [writing, people]);
  const offered = names.length > 0;
  const current = Math.min(chosen, names.length - 1);

  function take(name: string): void {
    if (writing === null) return;
    const next = completed(text, writing, name);
    onText(next.text);
    setCaret(null);
    setChosen(0);
    // After the text is drawn.
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  }

  /** True for a key that was for the list of names. */
  function onListKey(event: KeyboardEvent): boolean {
    if (!offered || event.nativeEvent.isComposing) return false;
    if (event.key === "ArrowDown") setChosen((current + 1) % names.length);
    else if (event.key === "ArrowUp") setChosen((current + names.length - 1) % names.length);
    else if (event.key === "Escape") setCaret(null);
    else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey)) take(names[current]!);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  function send(): void {
    if (ready) onSend(text.trim());
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (onListKey(event)) return;
    if (event.key === "ArrowUp" && text === "" && onUp) {
      event.preventDefault();
      onUp();
    }
    // While an input method composes a character, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  /** Takes the first file of what is pasted or dropped; text goes its usual way. */
  function takeFile(event: ClipboardEvent | DragEvent, data: DataTransfer | null): void {
    const file = data?.files[0];
    if (!file || !onFile || disabled) return;
    event.preventDefault();
    onFile(file);
  }

  return (
    <form
      className="composer"
      onSubmit={onSubmit}
      aria-busy={busy}
      onDragOver={(event) => onFile && event.dataTransfer.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => takeFile(event, event.dataTransfer)}
    >
      {above}
      {attach}
      <label className="sr-only" htmlFor="message-input">
        {words.message}
      </label>
      {offered && <MentionList id={listId} label={words.mentionSomebody} names={names} chosen={current} onTake={take} />}
      <p className="sr-only" role="status">
        {offered && words.namesOffered(names.length)}
      </p>
      <textarea
        id="message-input"
        ref={input}
        className="field"
        data-testid="message-input"
        rows={1}
        placeholder={attached ? words.describe : words.writeMessage}
        onPaste={(event) => takeFile(event, event.clipboardData)}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setCaret(event.target.selectionEnd);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setCaret(null);
          onBlur?.();
        }}
        aria-autocomplete={people.length > 0 ? "list" : undefined}
        aria-controls={offered ? listId : undefined}
        aria-activedescendant={offered ? optionId(listId, current) : undefined}
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
