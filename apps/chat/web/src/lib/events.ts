// The Socket.IO events of the chat, by namespace and direction, as the server's contract has them.

import type {
  ChannelClientToServerEvents,
  ChannelServerToClientEvents,
  ClientToServerEvents,
  NotificationsServerToClientEvents,
  Refused,
  ServerToClientEvents,
} from "./contract";

export type { OnlineNews as OnlineEvent, TypingNews as TypingEvent } from "./contract";

/** What the server acknowledges: what was asked for, or why not. */
export type Ack<T> = (T & { ok: true }) | Refused;

/** Events that the server acknowledges: by name, with what is sent and what comes back if it was not refused. */
export type RequestMap = Record<string, { sends: object; returns: object }>;

type Acknowledged<F> = F extends (payload: infer Payload, ack: (answer: infer Answer) => void) => void
  ? { sends: Payload; returns: Omit<Exclude<Answer, Refused>, "ok"> }
  : never;

/** Of the events that a server takes those that it acknowledges. */
export type RequestsOf<Events extends { [E in keyof Events]: (...args: never[]) => void }> = {
  [E in keyof Events as Parameters<Events[E]>["length"] extends 2 ? E : never]: Acknowledged<Events[E]>;
};

export type Requests = RequestsOf<ClientToServerEvents>;
export type ChannelRequests = RequestsOf<ChannelClientToServerEvents>;

export type RoomEvents = ServerToClientEvents;
export type NotificationEvents = NotificationsServerToClientEvents;
export type ChannelEvents = ChannelServerToClientEvents;
