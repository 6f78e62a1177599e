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
      </section>
    </main>
  );
}
