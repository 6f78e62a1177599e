import { useWords } from "../hooks/useWords";
import { ChannelForm } from "./ChannelForm";
import { ChannelList } from "./ChannelList";
import { Logo } from "./Icon";
import { SettingsButton } from "./Settings";
import { SignInForm } from "./SignInForm";

/** For somebody in an anonymous channel who has not signed in. */
export function GuestSidebar({ onChosen }: { onChosen: () => void }) {
  const words = useWords();
  return (
    <>
      <header className="sidebar-header">
        <Logo />
        <span className="brand">Aerie Chat</span>
        <SettingsButton />
      </header>
      <div className="rooms">
        <ChannelList onChosen={onChosen} />
      </div>
      <div className="sidebar-forms">
        <ChannelForm onEntered={onChosen} />
      </div>
      <section className="guest-sign-in" aria-labelledby="guest-title">
        <h2 id="guest-title">{words.signIn}</h2>
        <p className="muted">{words.guestSignIn}</p>
        <SignInForm label={words.enter} takesFocus={false} />
      </section>
    </>
  );
}
