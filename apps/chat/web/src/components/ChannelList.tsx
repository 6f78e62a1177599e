import { useRoute } from "../hooks/useRoute";
import { useWords } from "../hooks/useWords";
import { hashOf } from "../lib/route";
import { useChannels } from "../stores/channels";

export function ChannelList({ onChosen }: { onChosen: () => void }) {
  const words = useWords();
  const visited = useChannels((state) => state.visited);
  const route = useRoute();
  const open = route.view === "channel" ? route.name : null;

  return (
    <nav aria-labelledby="channels-title">
      <h2 id="channels-title">{words.channels}</h2>
      {visited.length === 0 && <p className="muted rooms-note">{words.noChannels}</p>}
      <ul data-testid="channel-list">
        {visited.map((name) => (
          <li key={name}>
            <a
              className="room-item"
              data-testid="channel-item"
              href={hashOf({ view: "channel", name })}
              aria-current={name === open ? "page" : undefined}
              onClick={onChosen}
            >
              <span className="hash" aria-hidden="true">
                ~
              </span>
              <span className="name">{name}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
