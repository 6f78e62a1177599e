import { useWords } from "../hooks/useWords";
import { ChannelForm } from "./ChannelForm";
import { Logo } from "./Icon";
import { Settings } from "./Settings";
import { SignInForm } from "./SignInForm";

export function SignInPage() {
  const words = useWords();
  return (
    <main className="sign-in-page">
      <section className="card" aria-labelledby="sign-in-title">
        <Logo />
        <h1 id="sign-in-title">Aerie Chat</h1>
        <p className="muted">{words.signInIntro}</p>
        <SignInForm label={words.enter} />
        <section className="without" aria-labelledby="without-title">
          <h2 id="without-title">{words.withoutName}</h2>
          <p className="muted">{words.withoutNameIntro}</p>
          <ChannelForm onEntered={() => undefined} />
        </section>
        <Settings />
      </section>
    </main>
  );
}
