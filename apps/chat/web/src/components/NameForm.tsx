import { useId, useState, type FormEvent } from "react";
import { inWords } from "../lib/errors";
import { Icon } from "./Icon";

interface NameFormProps {
  testIds: { input: string; button: string };
  label: string;
  placeholder: string;
  button: string;
  icon: "plus" | "enter";
  /** Rejects with what is to be said beside the field. */
  onName: (name: string) => Promise<void>;
}

/** One field for a name, a button, and why it was not taken. */
export function NameForm({ testIds, label, placeholder, button, icon, onName }: NameFormProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await onName(name.trim());
      setName("");
    } catch (reason) {
      setError(inWords(reason));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="name-form" onSubmit={submit} noValidate>
      <p className="field-error" id={`${id}-error`} role="alert">
        {error}
      </p>
      <label className="sr-only" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="field"
        data-testid={testIds.input}
        placeholder={placeholder}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          setError(null);
        }}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={`${id}-error`}
      />
      <button
        className="icon-button framed"
        data-testid={testIds.button}
        aria-label={button}
        title={button}
        aria-disabled={busy}
      >
        <Icon name={icon} />
      </button>
    </form>
  );
}
