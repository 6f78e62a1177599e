import { useId, useState, type FormEvent } from "react";
import { useChat } from "../hooks/useChat";
import { ChatError, inWords } from "../lib/errors";
import { Icon } from "./Icon";

export function NewRoomForm({ onCreated }: { onCreated: () => void }) {
  const { client } = useChat();
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (name.trim() === "") return setError("A room needs a name.");
    setBusy(true);
    setError(null);
    try {
      if (!client) throw new ChatError("DISCONNECTED");
      await client.createRoom(name.trim());
      setName("");
      onCreated();
    } catch (reason) {
      setError(inWords(reason));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="new-room" onSubmit={submit} noValidate>
      <p className="field-error" id={`${id}-error`} role="alert">
        {error}
      </p>
      <label className="sr-only" htmlFor={id}>
        Name of a new room
      </label>
      <input
        id={id}
        className="field"
        data-testid="room-name-input"
        placeholder="New room"
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          setError(null);
        }}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={`${id}-error`}
      />
      <button className="icon-button framed" data-testid="create-room-button" aria-label="Create room" aria-disabled={busy}>
        <Icon name="plus" />
      </button>
    </form>
  );
}
