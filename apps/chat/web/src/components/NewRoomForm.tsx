import { useChat } from "../hooks/useChat";
import { ChatError } from "../lib/errors";
import { goTo } from "../lib/route";
import { NameForm } from "./NameForm";

export function NewRoomForm({ onCreated }: { onCreated: () => void }) {
  const { client } = useChat();

  async function create(name: string): Promise<void> {
    if (name === "") throw new Error("A room needs a name.");
    if (!client) throw new ChatError("DISCONNECTED");
    await client.createRoom(name);
    goTo({ view: "rooms" });
    onCreated();
  }

  return (
    <NameForm
      testIds={{ input: "room-name-input", button: "create-room-button" }}
      label="Name of a new room"
      placeholder="New room"
      button="Create room"
      icon="plus"
      onName={create}
    />
  );
}
