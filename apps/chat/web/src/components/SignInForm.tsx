import { useId, useState, type FormEvent } from "react";
import { login } from "../lib/api";
import { inWords } from "../lib/errors";
import { MAX_NICKNAME_LENGTH } from "../lib/types";
import { useSession } from "../stores/session";

interface SignInFormProps {
  nickname?: string;
  label: string;
  /** False where something else is what one came for. */
  takesFocus?: boolean;
}

export function SignInForm({ nickname: known = "", label, takesFocus = true }: SignInFormProps) {
  const [nickname, setNickname] = useState(known);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (nickname.trim() === "") return setError("Please choose a nickname.");
    setBusy(true);
    setError(null);
    try {
      useSession.getState().signIn(await login(nickname.trim()));
    } catch (reason) {
      setError(inWords(reason));
      setBusy(false);
    }
  }

  return (
    <form className="sign-in-form" onSubmit={submit} noValidate>
      <label htmlFor={id}>Nickname</label>
      <input
        id={id}
        className="field"
        data-testid="nickname-input"
        value={nickname}
        onChange={(event) => setNickname(event.target.value)}
        maxLength={MAX_NICKNAME_LENGTH}
        autoComplete="nickname"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus={takesFocus}
        aria-invalid={error !== null}
        aria-describedby={`${id}-error`}
      />
      <p className="field-error" id={`${id}-error`} role="alert">
        {error}
      </p>
      <button className="button primary" data-testid="login-button" aria-disabled={busy}>
        {busy ? "Signing in…" : label}
      </button>
    </form>
  );
}
