import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { ChatError } from "../lib/errors";
import { goTo } from "../lib/route";
import { NameForm } from "./NameForm";

export function NewRoomForm({ onCreated }: { onCreated: () => void }) {
  const words = useWords();
  const { client } = useChat();

  async function create(name: string): Promise<void> {
    if (name === "") throw new Error(words.roomNeedsName);
    if (!client) throw new ChatError("DISCONNECTED");
    await client.createRoom(name);
    goTo({ view: "rooms" });
    onCreated();
  }

  return (
    <NameForm
      testIds={{ input: "room-name-input", button: "create-room-button" }}
      label={words.nameOfNewRoom}
      placeholder={words.newRoom}
      button={words.createRoom}
      icon="plus"
      onName={create}
    />
  );
}
