import { useWords } from "../hooks/useWords";
import type { Notification } from "../lib/types";

/** What a notification says, in one sentence. */
export function NotificationSentence({ notification: { event, mention } }: { notification: Notification }) {
  const words = useWords();
  if (mention) {
    return (
      <>
        <strong>{mention.message.sender.nickname}</strong>
        {words.mentionsYou[0]}
        <strong>{mention.room.name}</strong>
        {words.mentionsYou[1]}
      </>
    );
  }
  if (!event) return null;
  return (
    <>
      <strong>{event.creator.nickname}</strong>
      {words.invites[0]}
      <strong>{event.title}</strong>
      {words.invites[1]}
    </>
  );
}
