import { useMemo } from "react";
import { useChat } from "../hooks/useChat";
import { useTyping } from "../hooks/useTyping";
import { useAttachments } from "../stores/attachments";
import { useDrafts } from "../stores/drafts";
import { useEditing } from "../stores/editing";
import { usePresence } from "../stores/presence";
import { useRooms } from "../stores/rooms";
import { emptyTimeline } from "../stores/timeline";
import { timelineOf, useTimelines } from "../stores/timelines";
import { AttachButton } from "./AttachButton";
import { ImagePreview } from "./ImagePreview";
import { MessageForm } from "./MessageForm";

export function Composer({ roomId }: { roomId: number }) {
  const { client, me } = useChat();
  const text = useDrafts((state) => state.byRoom[roomId] ?? "");
  const setDraft = useDrafts((state) => state.set);
  const member = useRooms((state) => state.joined.includes(roomId));
  const { typed, stopped } = useTyping(roomId);

  const image = useAttachments((state) => state.byRoom[roomId]);
  const problem = useAttachments((state) => state.problems[roomId]);
  const choose = (file: File): void => void useAttachments.getState().choose(roomId, file);
  const people = usePeople(roomId, me.id);

  function write(written: string): void {
    setDraft(roomId, written);
    if (written === "") stopped();
    else typed();
  }

  function send(content: string): void {
    client?.send(roomId, content, useAttachments.getState().take(roomId));
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
      people={people}
      attached={image !== undefined}
      attach={<AttachButton disabled={!member} onFile={choose} />}
      above={
        <>
          {image && <ImagePreview image={image} onDrop={() => useAttachments.getState().drop(roomId)} />}
          <p className="attachment-problem field-error" role="alert" data-testid="attachment-problem">
            {problem}
          </p>
        </>
      }
      onFile={choose}
    />
  );
}

/** Who is there, and who has said something of what is loaded. */
function usePeople(roomId: number, myId: number): readonly string[] {
  const online = usePresence((state) => state.online[roomId]);
  const messages = useTimelines((state) => (state.byRoom[roomId] ?? emptyTimeline).messages);
  return useMemo(() => {
    const users = [...(online ?? []), ...messages.map(({ sender }) => sender)].filter(({ id }) => id !== myId);
    return [...new Set(users.map(({ nickname }) => nickname))];
  }, [online, messages, myId]);
}
