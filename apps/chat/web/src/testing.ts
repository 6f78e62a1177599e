// What the unit tests share.

import { ChatError } from "./lib/errors";
import type { Requests } from "./lib/events";
import type { Connection } from "./lib/socket";
import type { ChannelMessage, Message, MessagePage, Notification, PendingMessage, User } from "./lib/types";

export const ann: User = { id: 1, nickname: "Ann" };
export const bob: User = { id: 2, nickname: "Bob" };

export function message(id: number, parts: Partial<Message> = {}): Message {
  const createdAt = new Date(Date.UTC(2026, 0, 5, 12, 0, id)).toISOString();
  return { id, chatRoomId: 1, sender: ann, content: `message ${id}`, clientId: `of ${id}`, createdAt, ...parts };
}

/** The moment of the n-th change. */
export function changeTime(n: number): string {
  return new Date(Date.UTC(2026, 0, 6, 12, 0, n)).toISOString();
}

export function pendingMessage(clientId: string, parts: Partial<PendingMessage> = {}): PendingMessage {
  return { clientId, chatRoomId: 1, sender: ann, content: clientId, writtenAt: 0, state: "sending", ...parts };
}

export function channelMessage(id: number, parts: Partial<ChannelMessage> = {}): ChannelMessage {
  const sentAt = new Date(Date.UTC(2026, 0, 5, 12, 0, id)).toISOString();
  return { id, from: "guest-00000b", content: `said ${id}`, sentAt, ...parts };
}

export function notification(id: number, parts: Partial<Notification> = {}): Notification {
  const event = { id, title: `appointment ${id}`, startsAt: "2027-03-01T09:30:00.000Z", creator: bob };
  return { id, event, createdAt: "2026-01-05T12:00:00.000Z", read: false, ...parts };
}

/** A server's history of one room. */
export class History {
  readonly asked: (number | undefined)[] = [];
  messages: Message[];

  constructor(count: number) {
    this.messages = Array.from({ length: count }, (_, index) => message(index + 1));
  }

  readonly page = async (before = Infinity, limit = 50): Promise<MessagePage> => {
    this.asked.push(before === Infinity ? undefined : before);
    const older = this.messages.filter((m) => m.id < before);
    return { messages: older.slice(-limit), hasMore: older.length > limit };
  };
}

type Answer<E extends keyof Requests> = (payload: Requests[E]["sends"]) => Requests[E]["returns"] | Promise<never>;

/** A connection whose answers the test gives. */
export class FakeConnection implements Connection<Requests> {
  connected = false;
  readonly requests: { event: keyof Requests; payload: Record<string, unknown> }[] = [];
  readonly answers: { [E in keyof Requests]: Answer<E> } = {
    joinRoom: ({ chatRoomId }) => ({ room: { id: chatRoomId, name: "room", createdAt: "2026-01-05T12:00:00.000Z" }, online: [ann] }),
    leaveRoom: () => ({}),
    markRead: ({ chatRoomId, upTo }) => ({ state: { chatRoomId, upTo, unread: 0, newest: upTo } }),
    editMessage: ({ chatRoomId, id, content }) => ({ message: message(id, { chatRoomId, content, changedAt: changeTime(1) }) }),
    deleteMessage: ({ chatRoomId, id }) => ({
      message: message(id, { chatRoomId, content: "", deleted: true, changedAt: changeTime(2) }),
    }),
    sendImage: ({ chatRoomId, content, clientId }) => ({
      message: message(100 + this.requests.length, { chatRoomId, content, clientId }),
    }),
    sendMessage: ({ chatRoomId, content, clientId }) => ({
      message: message(100 + this.requests.length, { chatRoomId, content, clientId }),
    }),
  };

  async request<E extends keyof Requests>(event: E, payload: Requests[E]["sends"]): Promise<Requests[E]["returns"]> {
    if (!this.connected) throw new ChatError("DISCONNECTED");
    this.requests.push({ event, payload: { ...payload } });
    return this.answers[event](payload);
  }

  tell(): void {}

  /** The payloads of the requests of one kind. */
  sent(event: keyof Requests): Record<string, unknown>[] {
    return this.requests.filter((request) => request.event === event).map((request) => request.payload);
  }
}

/** What browsers keep, for one test. */
export function memoryStorage(): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}

/** socket.io's socket as far as a link needs it; the test is the server. */
export class FakeSocket {
  connected = false;
  active = false;
  connects = 0;
  auth: ((give: (auth: object) => void) => void) | undefined;
  private readonly listeners = new Map<string, Set<(...args: unknown[]) => void>>();

  get listenerCount(): number {
    return [...this.listeners.values()].reduce((sum, each) => sum + each.size, 0);
  }

  on(event: string, listener: (...args: unknown[]) => void): this {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event)!.add(listener);
    return this;
  }

  off(): this {
    this.listeners.clear();
    return this;
  }

  connect(): this {
    this.active = true;
    this.connects += 1;
    return this;
  }

  disconnect(): this {
    this.connected = this.active = false;
    return this;
  }

  fire(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...args);
  }

  letIn(): void {
    this.connected = true;
    this.fire("connect");
  }

  lose(reason: string): void {
    this.connected = false;
    this.active = reason !== "io server disconnect";
    this.fire("disconnect", reason);
  }

  refuse(message: string, data?: object): void {
    this.active = false;
    this.fire("connect_error", Object.assign(new Error(message), { data }));
  }
}
