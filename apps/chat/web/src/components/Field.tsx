interface FieldProps {
  id: string;
  name: string;
  label: string;
  testId: string;
  type?: "text" | "datetime-local";
  /** What is to be written, below the field. */
  hint?: string;
  value: string;
  /** Why it was not taken, in words. */
  error: string | null;
  onValue: (value: string) => void;
}

/** A labelled field with its error below. */
export function Field({ id, name, label, testId, type = "text", hint, value, error, onValue }: FieldProps) {
  return (
    <div className="labelled">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        className="field"
        data-testid={testId}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={`${id}-note`}
      />
      <p id={`${id}-note`} className={error === null ? "field-hint" : "field-error"}>
        {error === null ? hint : <span role="alert">{error}</span>}
      </p>
    </div>
  );
}
