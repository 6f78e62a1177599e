import { useId, useState } from "react";
import { useWords } from "../hooks/useWords";
import { unknownChannel, useChannelStates } from "../stores/channelStates";
import { Avatar } from "./Avatar";
import { Icon } from "./Icon";

/** Who is in a channel, and how others come to it. */
export function ChannelInfo({ name }: { name: string }) {
  const words = useWords();
  const { names, online, connection } = useChannelStates((states) => states.byName[name] ?? unknownChannel);
  const me = names.at(-1);
  const others = (online ?? 1) - 1;

  return (
    <section className="people" data-stale={connection !== "connected"} aria-labelledby="people-title">
      <h2 id="people-title" data-testid="channel-online">
        {online === null ? words.here : `${words.here} · ${online}`}
      </h2>
      <ul>
        {me !== undefined && (
          <li>
            <Avatar user={{ id: 0, nickname: me }} />
            <span className="name">{me}</span>
            <span className="muted">{words.you}</span>
          </li>
        )}
        <li className="muted">{words.others(others)}</li>
      </ul>
      <ShareLink />
      <p className="muted channel-note">
        {words.channelNote}
      </p>
    </section>
  );
}

function ShareLink() {
  const words = useWords();
  const [said, setSaid] = useState("");
  const id = useId();
  // The view is another one for each channel, so this is read when it is drawn.
  const link = window.location.href;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      setSaid(words.copied);
    } catch {
      // Forbidden, or a page that came over plain HTTP.
      setSaid(words.copyByHand);
    }
  }

  return (
    <div className="share">
      <label htmlFor={id}>{words.inviteWithLink}</label>
      <input
        id={id}
        className="field"
        data-testid="channel-link"
        readOnly
        value={link}
        onFocus={(event) => event.target.select()}
      />
      <button className="button quiet" onClick={copy}>
        <Icon name="link" /> {words.copyLink}
      </button>
      <span className="muted" role="status">
        {said}
      </span>
    </div>
  );
}
