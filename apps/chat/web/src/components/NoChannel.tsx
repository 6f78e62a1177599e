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
  return (
    <main className="room-view no-room" {...(covered ? { inert: "" } : {})}>
      <header className="room-header">
        <button className="icon-button show-rooms" onClick={onShowRooms} aria-label="Show rooms">
          <Icon name="menu" />
        </button>
        <span className="room-title" />
      </header>
      <div className="no-channel">
        <h1>There is no such channel</h1>
        <p role="alert">{channelNameProblem(name)}</p>
        <p className="muted">Perhaps the link was cut off, or something was added to it.</p>
        <a className="button quiet" href={hashOf({ view: "rooms" })}>
          Go to the start
        </a>
      </div>
    </main>
  );
}
