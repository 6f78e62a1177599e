import { useWords } from "../hooks/useWords";
import { useConnection } from "../stores/connection";
import { ConnectionState } from "./ConnectionState";

export function NoRoom() {
  const words = useWords();
  const state = useConnection((store) => store.state);
  return (
    <main className="room-view no-room">
      <header className="room-header">
        <h1 className="room-title">
          <span className="sr-only">Aerie Chat</span>
        </h1>
        <ConnectionState state={state} />
      </header>
      <p className="muted">{words.chooseRoom}</p>
    </main>
  );
}
