import { useEffect, useRef, useState } from "react";
import { newIn, type ChannelLog } from "../lib/channelLog";
import type { ChannelMessage } from "../lib/types";

interface ChannelAnnouncerProps {
  log: ChannelLog;
  /** Our own: what we say is not read out to us. */
  names: readonly string[];
}

/** Reads new messages of others out to screen readers, as the Announcer of rooms does. */
export function ChannelAnnouncer({ log, names }: ChannelAnnouncerProps) {
  const heard = useRef<ChannelLog | null>(null);
  const [news, setNews] = useState<readonly ChannelMessage[]>([]);

  useEffect(() => {
    const before = heard.current;
    // What was said before one came is not news.
    if (names.length > 0) heard.current = log;
    if (before === null || before === log) return;
    const others = newIn(before, log.at(-1)?.messages ?? []).filter((message) => !names.includes(message.from));
    if (others.length > 0) setNews(others.slice(-5));
  }, [log, names]);

  return (
    <div className="sr-only" aria-live="polite">
      {news.map((message) => (
        <p key={`${message.id} ${message.sentAt}`}>{`${message.from}: ${message.content}`}</p>
      ))}
    </div>
  );
}
