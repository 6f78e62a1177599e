import { useWords } from "../hooks/useWords";
import { goTo } from "../lib/route";
import type { ChannelState } from "../stores/channelStates";
import { useChannels } from "../stores/channels";
import { useSession } from "../stores/session";
import { ConnectionState } from "./ConnectionState";
import { Icon } from "./Icon";
import { NotificationBell } from "./NotificationBell";

interface ChannelHeaderProps {
  name: string;
  state: ChannelState;
  onShowRooms: () => void;
  onShowPeople: () => void;
}

export function ChannelHeader({ name, state, onShowRooms, onShowPeople }: ChannelHeaderProps) {
  const words = useWords();
  const signedIn = useSession((session) => session.session !== null);
  const me = state.names.at(-1);
  const online = state.online ?? 0;

  function leave(): void {
    useChannels.getState().forget(name);
    goTo({ view: "rooms" });
  }

  return (
    <header className="room-header">
      <button className="icon-button show-rooms" onClick={onShowRooms} aria-label={words.showRooms}>
        <Icon name="menu" />
      </button>
      <div className="channel-title">
        <h1>
          <span className="hash" aria-hidden="true">
            ~
          </span>
          {name}
        </h1>
        <p className="muted" data-testid="channel-me">
          {me !== undefined && <span className="label">{words.youAre}</span>}
          {me ?? words.anonymousChannel}
        </p>
      </div>
      <ConnectionState state={state.connection} />
      {signedIn && <NotificationBell />}
      <button
        className="icon-button counted show-people"
        onClick={onShowPeople}
        aria-label={words.aboutChannelWith(online)}
      >
        <Icon name="people" />
        <span aria-hidden="true">{online}</span>
      </button>
      <button className="icon-button" onClick={leave} aria-label={words.leaveChannelNamed(name)} title={words.leaveChannel}>
        <Icon name="leave" />
      </button>
    </header>
  );
}
