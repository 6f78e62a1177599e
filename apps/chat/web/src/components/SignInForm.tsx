import { useId, useState } from "react";
import { useSubmission } from "../hooks/useSubmission";
import { useWords } from "../hooks/useWords";
import { login } from "../lib/api";
import { MAX_NICKNAME_LENGTH } from "../lib/types";
import { useSession } from "../stores/session";

interface SignInFormProps {
  nickname?: string;
  label: string;
  /** False where something else is what one came for. */
  takesFocus?: boolean;
}

export function SignInForm({ nickname: known = "", label, takesFocus = true }: SignInFormProps) {
  const words = useWords();
  const [nickname, setNickname] = useState(known);
  const id = useId();
  const { busy, error, onSubmit } = useSubmission(async () => {
    if (nickname.trim() === "") throw new Error(words.chooseNickname);
    useSession.getState().signIn(await login(nickname.trim()));
  });

  return (
    <form className="sign-in-form" onSubmit={onSubmit} noValidate>
      <label htmlFor={id}>{words.nickname}</label>
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
        {busy ? words.signingIn : label}
      </button>
    </form>
  );
}
