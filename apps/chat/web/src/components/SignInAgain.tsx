import { useEffect, useRef } from "react";
import { useWords } from "../hooks/useWords";
import { inWords, ChatError } from "../lib/errors";
import type { Route } from "../lib/route";
import { useSession } from "../stores/session";
import { SignInForm } from "./SignInForm";

interface SignInAgainProps {
  /** The server's code for why the session ended. */
  code: string;
  nickname: string;
  /** What is open behind it. */
  route: Route;
}

/** Lies over the conversation, which stays as it was: room, messages and draft. */
export function SignInAgain({ code, nickname, route }: SignInAgainProps) {
  const words = useWords();
  const signOut = useSession((state) => state.signOut);
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="card"
      data-testid="signin-again"
      aria-labelledby="again-title"
      onCancel={(event) => event.preventDefault()}
      // Chromium closes a dialog at the second Escape without asking.
      onKeyDown={(event) => event.key === "Escape" && event.preventDefault()}
    >
      <h2 id="again-title">{words.signInAgain}</h2>
      <p className="muted">
        {inWords(new ChatError(code))} {route.view === "channel" ? words.keptChannel : words.keptRoom}
      </p>
      <SignInForm nickname={nickname} label={words.signInAgain} />
      {route.view === "channel" && (
        <button className="button quiet" onClick={signOut}>
          {words.stayWithout}
        </button>
      )}
    </dialog>
  );
}
