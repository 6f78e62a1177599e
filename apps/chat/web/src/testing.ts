// What the unit tests share.

import { ChatError } from "./lib/errors";
import type { Requests } from "./lib/events";
import type { Connection } from "./lib/socket";
import type { Message, MessagePage, PendingMessage, User } from "./lib/types";

export const ann: User = { id: 1, nickname: "Ann" };
export const bob: User = { id: 2, nickname: "Bob" };

export function message(id: number, parts: Partial<Message> = {}): Message {
  const createdAt = new Date(Date.UTC(2026, 0, 5, 12, 0, id)).toISOString();
  return { id, chatRoomId: 1, sender: ann, content: `message ${id}`, clientId: null, createdAt, ...parts };
}

export function pendingMessage(clientId: string, parts: Partial<PendingMessage> = {}): PendingMessage {
  return { clientId, chatRoomId: 1, sender: ann, content: clientId, writtenAt: 0, state: "sending", ...parts };
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
export class FakeConnection implements Connection {
  connected = false;
  readonly requests: { event: keyof Requests; payload: Record<string, unknown> }[] = [];
  readonly answers: { [E in keyof Requests]: Answer<E> } = {
    joinRoom: ({ chatRoomId }) => ({ room: { id: chatRoomId, name: "room", createdAt: 0 }, online: [ann] }),
    leaveRoom: () => ({}),
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
