import { useWords } from "../hooks/useWords";
import { channelNameProblem } from "../lib/channelName";
import { hashOf } from "../lib/route";
import { Icon } from "./Icon";

interface NoChannelProps {
  name: string;
  covered: boolean;
  onShowRooms: () => void;
}

/** A link to a channel that cannot be: said before anything is asked of the server. */
export function NoChannel({ name, covered, onShowRooms }: NoChannelProps) {
  const words = useWords();
  return (
    <main className="room-view no-room" {...(covered ? { inert: "" } : {})}>
      <header className="room-header">
        <button className="icon-button show-rooms" onClick={onShowRooms} aria-label={words.showRooms}>
          <Icon name="menu" />
        </button>
        <span className="room-title" />
      </header>
      <div className="no-channel">
        <h1>{words.noSuchChannel}</h1>
        <p role="alert">{channelNameProblem(name)}</p>
        <p className="muted">{words.linkCutOff}</p>
        <a className="button quiet" href={hashOf({ view: "rooms" })}>
          {words.toTheStart}
        </a>
      </div>
    </main>
  );
}
