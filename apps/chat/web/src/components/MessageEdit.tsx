import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useChat } from "../hooks/useChat";
import { useSubmission } from "../hooks/useSubmission";
import { useWords } from "../hooks/useWords";
import { ChatError, codeOf } from "../lib/errors";
import { MAX_CONTENT_LENGTH } from "../lib/types";
import { useEditing } from "../stores/editing";
import { useRooms } from "../stores/rooms";

interface MessageEditProps {
  id: number;
  content: string;
}

/** In the place of a message that its sender changes: Enter saves, Escape leaves it as it was. */
export function MessageEdit({ id, content }: MessageEditProps) {
  const words = useWords();
  const { client } = useChat();
  const chatRoomId = useRooms((state) => state.activeId);
  const end = useEditing((state) => state.end);
  const [text, setText] = useState(content);
  const input = useRef<HTMLTextAreaElement>(null);
  const fieldId = useId();

  useEffect(() => {
    const element = input.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const { busy, error, onSubmit } = useSubmission(async () => {
    const wanted = text.trim();
    if (wanted === "") throw new ChatError("EMPTY");
    if ([...wanted].length > MAX_CONTENT_LENGTH) throw new ChatError("TOO_LONG");
    if (!client || chatRoomId === null) throw new ChatError("DISCONNECTED");
    if (wanted !== content) await client.edit({ chatRoomId, id }, wanted);
    leave();
  });
  const removal = useSubmission(async () => {
    if (!client || chatRoomId === null) throw new ChatError("DISCONNECTED");
    await client.remove({ chatRoomId, id }).catch((reason: unknown) => {
      // An answer that was lost had deleted it.
      if (codeOf(reason) !== "NOT_FOUND") throw reason;
    });
    leave();
  });

  function leave(): void {
    end();
    document.getElementById("message-input")?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === input.current) {
      void onSubmit(event as unknown as React.FormEvent);
    }
  }

  return (
    <form className="message-edit" data-testid="message-edit" onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <label className="sr-only" htmlFor={fieldId}>
        {words.editingMessage}
      </label>
      <textarea
        id={fieldId}
        ref={input}
        className="field"
        data-testid="edit-input"
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        value={text}
        onChange={(event) => setText(event.target.value)}
        readOnly={busy || removal.busy}
        aria-describedby={`${fieldId}-error`}
      />
      <p className="field-error" id={`${fieldId}-error`} role="alert">
        {error ?? removal.error}
      </p>
      <div className="message-edit-buttons">
        <button type="button" className="button quiet danger" data-testid="delete-button" onClick={removal.onSubmit}>
          {words.deleteMessage}
        </button>
        <button type="button" className="button quiet" onClick={leave}>
          {words.cancel}
        </button>
        <button className="button primary" data-testid="save-button" aria-disabled={busy}>
          {words.save}
        </button>
      </div>
    </form>
  );
}
