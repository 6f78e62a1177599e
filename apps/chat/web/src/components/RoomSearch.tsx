import { useEffect, useId, useRef, useState, type FormEvent, type MouseEvent } from "react";
import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { ChatError, inWords } from "../lib/errors";
import { pointTo } from "../lib/pointTo";
import { dayAndClock, isoTime } from "../lib/time";
import { MAX_SEARCH_LENGTH, type Message } from "../lib/types";
import { Icon } from "./Icon";

interface Found {
  text: string;
  /** Newest first. */
  messages: readonly Message[];
  hasMore: boolean;
}

/** A button that looks for a text in what was said in a room, also in what is not loaded. */
export function RoomSearch({ roomId }: { roomId: number }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  function onClick(event: MouseEvent): void {
    // The dialog is covered by what is in it, so this is a click beside it.
    if (event.target === dialog.current) setOpen(false);
  }

  return (
    <>
      <button
        className="icon-button"
        data-testid="search-button"
        onClick={() => setOpen(true)}
        aria-label={words.searchRoom}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={words.searchRoom}
      >
        <Icon name="search" />
      </button>
      <dialog ref={dialog} className="panel" aria-labelledby="search-title" onClose={() => setOpen(false)} onClick={onClick}>
        {open && (
          <div className="panel-content" data-testid="search-panel">
            <header className="panel-header">
              <h2 id="search-title">{words.searchRoom}</h2>
              <button className="icon-button" onClick={() => setOpen(false)} aria-label={words.closeSearch}>
                <Icon name="close" />
              </button>
            </header>
            <Search roomId={roomId} onShown={() => setOpen(false)} />
          </div>
        )}
      </dialog>
    </>
  );
}

function Search({ roomId, onShown }: { roomId: number; onShown: () => void }) {
  const words = useWords();
  const { client } = useChat();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();

  async function attempt(action: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      if (!client) throw new ChatError("DISCONNECTED");
      await action();
    } catch (error) {
      setProblem(inWords(error));
    } finally {
      setBusy(false);
    }
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted !== "") void attempt(() => look({ text: wanted, messages: [], hasMore: false }));
  }

  /** Goes on behind what was found already. */
  async function look(before: Found): Promise<void> {
    const page = await client!.search(roomId, before.text, before.messages.at(-1)?.id);
    setFound({ ...before, messages: [...before.messages, ...page.messages.reverse()], hasMore: page.hasMore });
  }

  async function show(message: Message): Promise<void> {
    if (!(await client!.loadBackTo(roomId, message.id))) return setProblem(words.tooFarBack);
    onShown();
    // After the dialog has given the focus back, and what was loaded is drawn.
    setTimeout(() => pointTo(message.id));
  }

  return (
    <>
      <form className="search-form" role="search" onSubmit={onSubmit}>
        <label className="sr-only" htmlFor={id}>
          {words.searchFor}
        </label>
        <input
          id={id}
          className="field"
          type="search"
          data-testid="search-input"
          value={text}
          maxLength={MAX_SEARCH_LENGTH}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          autoFocus
        />
        <button className="icon-button framed" data-testid="start-search-button" aria-label={words.search} aria-disabled={busy}>
          <Icon name="search" />
        </button>
      </form>
      <p className="panel-note muted" role="status" data-testid="search-count">
        {busy ? words.searching : found && words.found(found.messages.length, found.hasMore)}
      </p>
      {problem !== null && (
        <p className="panel-note field-error" role="alert">
          {problem}
        </p>
      )}
      <ul className="notifications" data-testid="search-results">
        {found?.messages.map((message) => (
          <li key={message.id}>
            <button className="search-result" data-testid="search-result" onClick={() => void attempt(() => show(message))}>
              <span className="search-who">
                <strong>{message.sender.nickname}</strong>{" "}
                <time className="muted" dateTime={isoTime(message.createdAt)}>
                  {dayAndClock(message.createdAt)}
                </time>
              </span>
              <span className="search-text">{around(message.content, found.text)}</span>
            </button>
          </li>
        ))}
      </ul>
      {found?.hasMore && (
        <footer className="panel-footer">
          <button className="button quiet" data-testid="more-results-button" onClick={() => void attempt(() => look(found))}>
            {words.moreFound}
          </button>
        </footer>
      )}
    </>
  );
}

const BEFORE_CHARACTERS = 40;

/** Of a long message the part where the text is, which is marked. */
function around(content: string, text: string) {
  const at = content.toLowerCase().indexOf(text.toLowerCase());
  if (at < 0) return content;
  const begin = Math.max(0, at - BEFORE_CHARACTERS);
  return (
    <>
      {begin > 0 && "…"}
      {content.slice(begin, at)}
      <mark>{content.slice(at, at + text.length)}</mark>
      {content.slice(at + text.length)}
    </>
  );
}
