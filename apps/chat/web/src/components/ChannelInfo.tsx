import { useId, useState } from "react";
import { unknownChannel, useChannelStates } from "../stores/channelStates";
import { Avatar } from "./Avatar";
import { Icon } from "./Icon";

/** Who is in a channel, and how others come to it. */
export function ChannelInfo({ name }: { name: string }) {
  const { names, online, connection } = useChannelStates((states) => states.byName[name] ?? unknownChannel);
  const me = names.at(-1);
  const others = (online ?? 1) - 1;

  return (
    <section className="people" data-stale={connection !== "connected"} aria-labelledby="people-title">
      <h2 id="people-title" data-testid="channel-online">
        {online === null ? "Here" : `Here · ${online}`}
      </h2>
      <ul>
        {me !== undefined && (
          <li>
            <Avatar user={{ id: 0, nickname: me }} />
            <span className="name">{me}</span>
            <span className="muted">you</span>
          </li>
        )}
        <li className="muted">{othersInWords(others)}</li>
      </ul>
      <ShareLink />
      <p className="muted channel-note">
        Nobody signs in here, and everybody gets a new name with each connection. Nothing is stored: the server remembers
        the last 50 messages for a while.
      </p>
    </section>
  );
}

function othersInWords(count: number): string {
  if (count === 0) return "Nobody else yet";
  return count === 1 ? "and one other" : `and ${count} others`;
}

function ShareLink() {
  const [said, setSaid] = useState("");
  const id = useId();
  // The view is another one for each channel, so this is read when it is drawn.
  const link = window.location.href;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      setSaid("Copied.");
    } catch {
      // Forbidden, or a page that came over plain HTTP.
      setSaid("Please copy it by hand.");
    }
  }

  return (
    <div className="share">
      <label htmlFor={id}>Invite others with this link</label>
      <input
        id={id}
        className="field"
        data-testid="channel-link"
        readOnly
        value={link}
        onFocus={(event) => event.target.select()}
      />
      <button className="button quiet" onClick={copy}>
        <Icon name="link" /> Copy link
      </button>
      <span className="muted" role="status">
        {said}
      </span>
    </div>
  );
}
