// What is known of an anonymous channel, as pure functions. The server keeps the last messages in memory only, so
// after a lost connection it may have more than we can be told of, or may have forgotten everything.

import type { ChannelMessage } from "./types";

/** Messages without a gap; between two runs something may be missing. */
export interface Run {
  id: number;
  /** Newest last. */
  messages: readonly ChannelMessage[];
}

export type ChannelLog = readonly Run[];

/** More messages than this are not kept: somebody may leave a channel open for weeks. */
export const MAX_KEPT = 500;

/** A message that comes live: it follows what is known. */
export function said(log: ChannelLog, message: ChannelMessage): ChannelLog {
  const last = log.at(-1) ?? { id: 1, messages: [] };
  if (last.messages.some((known) => isSame(known, message))) return log;
  const messages = [...last.messages, message].sort((a, b) => a.id - b.id);
  return trimmed([...log.slice(0, -1), { ...last, messages }]);
}

/** The server's last messages, at each connection. */
export function welcomed(log: ChannelLog, recent: readonly ChannelMessage[]): ChannelLog {
  const last = log.at(-1) ?? { id: 1, messages: [] };
  const newest = last.messages.at(-1);
  if (!newest) return [...log.slice(0, -1), { ...last, messages: recent }];
  if (recent.some((message) => isSame(message, newest))) return recent.reduce(said, log);
  return trimmed([...log, { id: last.id + 1, messages: recent }]);
}

/** What of the server's last messages was not known before. */
export function newIn(log: ChannelLog, recent: readonly ChannelMessage[]): ChannelMessage[] {
  const known = log.at(-1)?.messages ?? [];
  return recent.filter((message) => !known.some((other) => isSame(other, message)));
}

// After a restart the server counts from one again.
function isSame(a: ChannelMessage, b: ChannelMessage): boolean {
  return a.id === b.id && a.from === b.from && a.sentAt === b.sentAt;
}

function trimmed(log: ChannelLog): ChannelLog {
  let room = MAX_KEPT;
  const kept: Run[] = [];
  for (const run of [...log].reverse()) {
    if (room <= 0) break;
    kept.unshift(run.messages.length <= room ? run : { ...run, messages: run.messages.slice(-room) });
    room -= run.messages.length;
  }
  return kept;
}
