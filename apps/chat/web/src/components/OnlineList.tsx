import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { useConnection } from "../stores/connection";
import { usePresence } from "../stores/presence";
import { Avatar } from "./Avatar";

export function OnlineList({ roomId }: { roomId: number }) {
  const words = useWords();
  const { me } = useChat();
  const connected = useConnection((state) => state.state === "connected");
  const users = usePresence((state) => state.online[roomId]);

  return (
    <section className="people" data-stale={!connected} aria-labelledby="people-title">
      <h2 id="people-title">{words.online}{users ? ` · ${users.length}` : ""}</h2>
      <ul data-testid="online-list">
        {users?.map((user) => (
          <li key={user.id}>
            <Avatar user={user} />
            <span className="name">{user.nickname}</span>
            {user.id === me.id && <span className="muted">{words.you}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
