import { ChannelForm } from "./ChannelForm";
import { Logo } from "./Icon";
import { SignInForm } from "./SignInForm";

export function SignInPage() {
  return (
    <main className="sign-in-page">
      <section className="card" aria-labelledby="sign-in-title">
        <Logo />
        <h1 id="sign-in-title">Aerie Chat</h1>
        <p className="muted">Choose a nickname to come in. No password, no account.</p>
        <SignInForm label="Enter" />
        <section className="without" aria-labelledby="without-title">
          <h2 id="without-title">Or without a name</h2>
          <p className="muted">In an anonymous channel everybody gets a name made up for them.</p>
          <ChannelForm onEntered={() => undefined} />
        </section>
      </section>
    </main>
  );
}
