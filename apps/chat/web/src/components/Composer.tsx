import { useChat } from "../hooks/useChat";
import { useTyping } from "../hooks/useTyping";
import { useDrafts } from "../stores/drafts";
import { useRooms } from "../stores/rooms";
import { MessageForm } from "./MessageForm";

export function Composer({ roomId }: { roomId: number }) {
  const { client } = useChat();
  const text = useDrafts((state) => state.byRoom[roomId] ?? "");
  const setDraft = useDrafts((state) => state.set);
  const member = useRooms((state) => state.joined.includes(roomId));
  const { typed, stopped } = useTyping(roomId);

  function write(written: string): void {
    setDraft(roomId, written);
    if (written === "") stopped();
    else typed();
  }

  function send(content: string): void {
    client?.send(roomId, content);
    setDraft(roomId, "");
    stopped();
  }

  return (
    <MessageForm
      text={text}
      canSend={client !== null && member}
      disabled={!member}
      onText={write}
      onSend={send}
      onBlur={stopped}
    />
  );
}
