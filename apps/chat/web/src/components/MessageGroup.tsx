import { memo } from "react";
import { useChat } from "../hooks/useChat";
import { useWords } from "../hooks/useWords";
import type { Block, Entry } from "../lib/grouping";
import { clockTime, exactTime, isoTime } from "../lib/time";
import type { PendingMessage } from "../lib/types";
import { Avatar, hueOf } from "./Avatar";
import { Icon } from "./Icon";
import { MessageText } from "./MessageText";

interface MessageGroupProps {
  group: Extract<Block, { kind: "group" }>;
  mine: boolean;
}

/** Messages of one sender in a row. */
export function MessageGroup({ group, mine }: MessageGroupProps) {
  const words = useWords();
  const { sender, entries } = group;
  return (
    <section className={`group ${mine ? "mine" : "theirs"}`} aria-label={mine ? words.sender : sender.nickname}>
      {!mine && <Avatar user={sender} />}
      <div className="bubbles">
        {!mine && (
          <p className="sender" style={{ "--hue": hueOf(sender.nickname) } as React.CSSProperties}>
            {sender.nickname}
          </p>
        )}
        {entries.map(({ key, ...entry }) => (
          <MessageBubble key={key} mine={mine} {...entry} />
        ))}
      </div>
    </section>
  );
}

interface MessageBubbleProps extends Omit<Entry, "key" | "sender"> {
  mine: boolean;
}

// Entries are made anew with each change of the room; their parts are not, so most bubbles are drawn once.
const MessageBubble = memo(function MessageBubble({ id, content, time, state, pending, mine }: MessageBubbleProps) {
  return (
    <div className="message" data-testid="message" data-message-id={id ?? undefined} data-state={state}>
      <div className="bubble">
        <span className="content">
          <MessageText content={content} />
        </span>
        <span className="meta">
          <time dateTime={isoTime(time)} title={exactTime(time)}>
            {clockTime(time)}
          </time>
          {mine && <SendState state={state} />}
        </span>
      </div>
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
