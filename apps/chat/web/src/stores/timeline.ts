// What a page knows of one room's messages, and how news is merged into it. Pure functions: a timeline is never changed
// in place, and one that would not change is returned as it is.

import type { CatchUp } from "../lib/catchUp";
import type { Message, MessagePage, PendingMessage } from "../lib/types";

export interface Timeline {
  /** Confirmed by the server: ids rise, none comes twice. */
  messages: readonly Message[];
  /** Our own that are not confirmed yet, in the order they were written. */
  pending: readonly PendingMessage[];
  /**
   * The last that were changed or deleted. A page of history may have been read before a change and come after the news of
   * it, so they are kept also for messages that are not here yet.
   */
  changes: readonly Message[];
  /** The server has messages before the first of ours. */
  hasOlder: boolean;
  /**
   * The newest id up to which nothing is missing since the first message; null before the first history came.
   * It stands still between the loss of a connection and the end of the catch-up, while live messages may already
   * come in behind the gap.
   */
  knownUpTo: number | null;
  /** Joined and caught up: what comes live follows what we have without a gap. */
  live: boolean;
}

export const emptyTimeline: Timeline = {
  messages: [],
  pending: [],
  changes: [],
  hasOlder: false,
  knownUpTo: null,
  live: false,
};

/** A message that the server has sent: live, or as the answer to our sending it. */
export function receive(timeline: Timeline, message: Message): Timeline {
  const next = withMessages(timeline, [message]);
  if (!timeline.live) return next;
  return { ...next, knownUpTo: Math.max(message.id, timeline.knownUpTo ?? 0) };
}

/** More than this do not change while one page of history is on its way. */
const MAX_CHANGES = 100;

/** Its sender has changed or deleted it. */
export function changed(timeline: Timeline, message: Message): Timeline {
  const changes = [...timeline.changes.filter(({ id }) => id !== message.id), message].slice(-MAX_CHANGES);
  const messages = timeline.messages.map((known) => (known.id === message.id ? later(known, message) : known));
  return { ...timeline, messages, changes };
}

/** The later state of one message. */
function later(known: Message, other: Message): Message {
  return timeOf(known) > timeOf(other) ? known : other;
}

function timeOf({ changedAt }: Message): number {
  return changedAt === undefined ? 0 : new Date(changedAt).getTime();
}

/** History after a (re)join. When it does not reach back to what we knew, it takes the place of what we knew. */
export function caughtUp(timeline: Timeline, history: CatchUp): Timeline {
  const base = history.connects ? timeline : startOver(timeline, history);
  const next = withMessages(base, history.messages);
  return { ...next, knownUpTo: next.messages.at(-1)?.id ?? null, live: true };
}

// Only what came live after the history was read may stay beside it.
function startOver(timeline: Timeline, history: CatchUp): Timeline {
  const newest = Math.max(history.messages.at(-1)?.id ?? 0, timeline.knownUpTo ?? 0);
  return { ...timeline, messages: timeline.messages.filter((m) => m.id > newest), hasOlder: history.hasMore };
}

/** The page of history before message `before`; ignored when that is no longer the first one. */
export function prepend(timeline: Timeline, before: number, page: MessagePage): Timeline {
  if (timeline.messages[0]?.id !== before) return timeline;
  return { ...withMessages(timeline, page.messages), hasOlder: page.hasMore };
}

export function lostConnection(timeline: Timeline): Timeline {
  return timeline.live ? { ...timeline, live: false } : timeline;
}

/** The connection goes on, and what was missed meanwhile has come: there is no gap after what we knew. */
export function resumed(timeline: Timeline): Timeline {
  return { ...timeline, knownUpTo: timeline.messages.at(-1)?.id ?? timeline.knownUpTo, live: true };
}

/** Adds a message to send, or puts a changed one in its place. */
export function putPending(timeline: Timeline, message: PendingMessage): Timeline {
  const index = timeline.pending.findIndex((p) => p.clientId === message.clientId);
  const pending = index < 0 ? [...timeline.pending, message] : timeline.pending.map((p, i) => (i === index ? message : p));
  return { ...timeline, pending };
}

export function removePending(timeline: Timeline, clientId: string): Timeline {
  const pending = timeline.pending.filter((p) => p.clientId !== clientId);
  return pending.length === timeline.pending.length ? timeline : { ...timeline, pending };
}

function withMessages(timeline: Timeline, incoming: readonly Message[]): Timeline {
  if (incoming.length === 0) return timeline;
  return {
    ...timeline,
    messages: merge(timeline.messages, incoming.map((message) => asChanged(timeline.changes, message))),
    pending: timeline.pending.filter((p) => !incoming.some((m) => confirms(m, p))),
  };
}

function asChanged(changes: readonly Message[], message: Message): Message {
  const change = changes.find(({ id }) => id === message.id);
  return change ? later(message, change) : message;
}

// The sender counts too: somebody else may repeat a clientId they have seen.
function confirms(message: Message, pending: PendingMessage): boolean {
  return message.clientId === pending.clientId && message.sender.id === pending.sender.id;
}

function merge(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const newest = known.at(-1);
  const [only] = incoming;
  if (incoming.length === 1 && only && (!newest || only.id > newest.id)) return [...known, only];

  const byId = new Map<number, Message>();
  for (const message of known) byId.set(message.id, message);
  for (const message of incoming) byId.set(message.id, later(byId.get(message.id) ?? message, message));
  return [...byId.values()].sort((a, b) => a.id - b.id);
}
