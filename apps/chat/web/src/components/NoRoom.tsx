import { ConnectionState } from "./ConnectionState";

export function NoRoom() {
  return (
    <main className="room-view no-room">
      <header className="room-header">
        <span className="room-title" />
        <ConnectionState />
      </header>
      <p className="muted">Choose a room, or create one.</p>
    </main>
  );
}
