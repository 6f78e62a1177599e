import { ChannelForm } from "./ChannelForm";
import { ChannelList } from "./ChannelList";
import { Logo } from "./Icon";
import { SignInForm } from "./SignInForm";

/** For somebody in an anonymous channel who has not signed in. */
export function GuestSidebar({ onChosen }: { onChosen: () => void }) {
  return (
    <>
      <header className="sidebar-header">
        <Logo />
        <span className="brand">Aerie Chat</span>
      </header>
      <div className="rooms">
        <ChannelList onChosen={onChosen} />
      </div>
      <div className="sidebar-forms">
        <ChannelForm onEntered={onChosen} />
      </div>
      <section className="guest-sign-in" aria-labelledby="guest-title">
        <h2 id="guest-title">Sign in</h2>
        <p className="muted">For rooms with history, and for appointments.</p>
        <SignInForm label="Enter" takesFocus={false} />
      </section>
    </>
  );
}
