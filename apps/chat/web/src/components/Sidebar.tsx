import { useSession } from "../stores/session";
import { useChat } from "../hooks/useChat";
import { Avatar } from "./Avatar";
import { Icon, Logo } from "./Icon";
import { NewRoomForm } from "./NewRoomForm";
import { RoomList } from "./RoomList";

export function Sidebar({ onChosen }: { onChosen: () => void }) {
  const { me } = useChat();
  const signOut = useSession((state) => state.signOut);

  return (
    <>
      <header className="sidebar-header">
        <Logo />
        <h1>Aerie Chat</h1>
      </header>
      <RoomList onChosen={onChosen} />
      <NewRoomForm onCreated={onChosen} />
      <footer className="sidebar-footer">
        <Avatar user={me} />
        <span className="name">{me.nickname}</span>
        <button className="icon-button" onClick={signOut} aria-label="Sign out" title="Sign out">
          <Icon name="power" />
        </button>
      </footer>
    </>
  );
}
