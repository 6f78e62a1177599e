import { useWords } from "../hooks/useWords";
import { useSession } from "../stores/session";
import { useChat } from "../hooks/useChat";
import { Avatar } from "./Avatar";
import { ChannelForm } from "./ChannelForm";
import { ChannelList } from "./ChannelList";
import { Icon, Logo } from "./Icon";
import { NewRoomForm } from "./NewRoomForm";
import { NotificationBell } from "./NotificationBell";
import { RoomList } from "./RoomList";
import { SettingsButton } from "./Settings";

interface SidebarProps {
  /** No conversation is open, whose header would have the bell. */
  alone: boolean;
  onChosen: () => void;
}

export function Sidebar({ alone, onChosen }: SidebarProps) {
  const words = useWords();
  const { me } = useChat();
  const signOut = useSession((state) => state.signOut);

  return (
    <>
      <header className="sidebar-header">
        <Logo />
        <span className="brand">Aerie Chat</span>
        {alone && <NotificationBell />}
      </header>
      <div className="rooms">
        <RoomList onChosen={onChosen} />
        <ChannelList onChosen={onChosen} />
      </div>
      <div className="sidebar-forms">
        <NewRoomForm onCreated={onChosen} />
        <ChannelForm onEntered={onChosen} />
      </div>
      <footer className="sidebar-footer">
        <Avatar user={me} />
        <span className="name">{me.nickname}</span>
        <SettingsButton />
        <button className="icon-button" onClick={signOut} aria-label={words.signOut} title={words.signOut}>
          <Icon name="power" />
        </button>
      </footer>
    </>
  );
}
