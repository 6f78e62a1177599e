// The Socket.IO connection, seen as requests with answers and events from the server.

import { io, type Socket } from "socket.io-client";
import { apiOrigin } from "./api";
import { ChatError } from "./errors";
import type { Ack, Requests, ServerEvents } from "./events";

const ACK_TIMEOUT_MS = 10_000;

/** What the chat client needs of a connection; tests give it another one. */
export interface Connection {
  readonly connected: boolean;
  /** Rejects with the server's code, or with TIMEOUT or DISCONNECTED when there is no answer. */
  request<E extends keyof Requests>(event: E, payload: Requests[E]["sends"]): Promise<Requests[E]["returns"]>;
  /** Sends without an answer, and not at all while there is no connection. */
  tell(event: "typing", payload: { chatRoomId: number; typing: boolean }): void;
}

export type ChatSocket = Socket<ServerEvents, Record<string, (...args: unknown[]) => void>>;

export function createSocket(token: string): ChatSocket {
  return io(apiOrigin || window.location.origin, {
    auth: { token },
    autoConnect: false,
    // Each session has its own manager, so that a new token never meets the old connection.
    forceNew: true,
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 4_000,
  });
}

export function connectionOver(socket: ChatSocket): Connection {
  return {
    get connected() {
      return socket.connected;
    },
    async request(event, payload) {
      // Without this check the library would keep the event and send it before the rooms are joined again.
      if (!socket.connected) throw new ChatError("DISCONNECTED");
      let answer: unknown;
      try {
        answer = await socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
      } catch {
        throw new ChatError(socket.connected ? "TIMEOUT" : "DISCONNECTED");
      }
      return unwrap(answer);
    },
    tell(event, payload) {
      if (socket.connected) socket.emit(event, payload);
    },
  };
}

function unwrap<T>(answer: unknown): T {
  const ack = answer as Ack<T> | null | undefined;
  if (ack?.ok === true) return ack;
  if (ack?.ok === false && ack.error) throw new ChatError(ack.error.code, ack.error.message);
  throw new ChatError("BAD_ANSWER");
}
