import { useChat } from "../hooks/useChat";
import { useTyping } from "../hooks/useTyping";
import { useDrafts } from "../stores/drafts";
import { useEditing } from "../stores/editing";
import { useRooms } from "../stores/rooms";
import { timelineOf } from "../stores/timelines";
import { MessageForm } from "./MessageForm";

export function Composer({ roomId }: { roomId: number }) {
  const { client, me } = useChat();
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

  /** The last one that is ours and still there. */
  function changeLast(): void {
    const last = timelineOf(roomId).messages.filter(({ sender, deleted }) => sender.id === me.id && !deleted).at(-1);
    if (last) useEditing.getState().begin(last.id);
  }

  return (
    <MessageForm
      text={text}
      canSend={client !== null && member}
      disabled={!member}
      onText={write}
      onSend={send}
      onBlur={stopped}
      onUp={changeLast}
    />
  );
}
