import { useId, useState } from "react";
import { useSubmission } from "../hooks/useSubmission";
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
  const id = useId();
  const { busy, error, clearError, onSubmit } = useSubmission(async () => {
    await onName(name.trim());
    setName("");
  });

  return (
    <form className="name-form" onSubmit={onSubmit} noValidate>
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
          clearError();
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
