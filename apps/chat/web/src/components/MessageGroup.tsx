import { memo } from "react";
import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import { isSameBlock, type Block, type Entry } from "../lib/grouping";
import { clockTime, exactTime, isoTime } from "../lib/time";
import type { PendingMessage } from "../lib/types";
import { useEditing } from "../stores/editing";
import { Avatar, hueOf } from "./Avatar";
import { Icon } from "./Icon";
import { MessageEdit } from "./MessageEdit";
import { MessageImage } from "./MessageImage";
import { MessageText } from "./MessageText";

interface MessageGroupProps {
  group: Extract<Block, { kind: "group" }>;
  mine: boolean;
  /** One's own can be changed and deleted here. */
  editable?: boolean;
}

/** Messages of one sender in a row. No section: there would be a landmark for each run. */
export const MessageGroup = memo(function MessageGroup({ group, mine, editable = false }: MessageGroupProps) {
  const words = useWords();
  const { sender, entries } = group;
  return (
    <div className={`group ${mine ? "mine" : "theirs"}`} role="group" aria-label={mine ? words.sender : sender.nickname}>
      {!mine && <Avatar user={sender} />}
      <div className="bubbles">
        {!mine && (
          <p className="sender" style={{ "--hue": hueOf(sender.nickname) } as React.CSSProperties}>
            {sender.nickname}
          </p>
        )}
        {entries.map(({ key, ...entry }) => (
          <MessageBubble key={key} mine={mine} editable={editable && mine} {...entry} />
        ))}
      </div>
    </div>
  );
}, drawsTheSame);

function drawsTheSame(before: MessageGroupProps, now: MessageGroupProps): boolean {
  return before.mine === now.mine && before.editable === now.editable && isSameBlock(before.group, now.group);
}

interface MessageBubbleProps extends Omit<Entry, "key" | "sender"> {
  mine: boolean;
  editable: boolean;
}

const MessageBubble = memo(function MessageBubble(props: MessageBubbleProps) {
  const { id, content, time, state, edited, deleted, mentions, image, pending, mine, editable } = props;
  const words = useWords();
  const changing = useEditing(({ messageId }) => editable && id !== null && messageId === id);
  const canChange = editable && id !== null && !deleted;
  return (
    <div className="message" data-testid="message" data-message-id={id ?? undefined} data-state={state} data-deleted={deleted}>
      {changing && canChange ? (
        <MessageEdit id={id} content={content} />
      ) : (
        <div className="bubble-line">
          {canChange && (
            <button
              className="icon-button edit"
              data-testid="edit-button"
              onClick={() => useEditing.getState().begin(id)}
              aria-label={`${words.editMessage}: ${content.slice(0, 40) || words.image}`}
              title={words.editMessage}
            >
              <Icon name="edit" />
            </button>
          )}
          <div className="bubble" data-image={image !== null}>
            {image && <MessageImage src={image.src} width={image.width} height={image.height} alt={content} />}
            <span className="content">{deleted ? words.deletedMessage : <MessageText content={content} mentions={mentions} />}</span>
            <span className="meta">
              {edited && !deleted && <span>{words.edited}</span>}
              <time dateTime={isoTime(time)} title={exactTime(time)}>
                {clockTime(time)}
              </time>
              {mine && !deleted && <SendState state={state} />}
            </span>
          </div>
        </div>
      )}
      {pending?.state === "failed" && <Failure message={pending} />}
    </div>
  );
});

const icons = { sent: "check", sending: "clock", failed: "alert" } as const;

function SendState({ state }: { state: Entry["state"] }) {
  const words = useWords();
  return (
    <span className="send-state" title={words[state]}>
      <Icon name={icons[state]} />
      <span className="sr-only">{words[state]}</span>
    </span>
  );
}

function Failure({ message }: { message: PendingMessage }) {
  const words = useWords();
  const { client } = useChat();
  // No "not sent" before the reason: when the answer was lost, the server may well have it.
  return (
    <p className="failure" role="alert">
      {message.reason ?? words.notSent}{" "}
      <button className="link" data-testid="retry-button" onClick={() => client?.retry(message)}>
        {words.tryAgain}
      </button>{" "}
      <button className="link" onClick={() => client?.discard(message)}>
        {words.discard}
      </button>
    </p>
  );
}
