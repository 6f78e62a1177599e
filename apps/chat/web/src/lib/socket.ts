// A Socket.IO socket, seen as requests with answers.

import type { Socket } from "socket.io-client";
import { ChatError } from "./errors";
import type { Ack, RequestMap } from "./events";

const ACK_TIMEOUT_MS = 10_000;

/** What the clients of the namespaces need of a connection; tests give them another one. */
export interface Connection<R extends RequestMap> {
  readonly connected: boolean;
  /** Rejects with the server's code, or with TIMEOUT or DISCONNECTED when there is no answer. */
  request<E extends keyof R & string>(event: E, payload: R[E]["sends"], patienceMs?: number): Promise<R[E]["returns"]>;
  /** Sends without an answer, and not at all while there is no connection. */
  tell(event: string, payload: object): void;
}

export function connectionOver<R extends RequestMap>(socket: Socket): Connection<R> {
  return {
    get connected() {
      return socket.connected;
    },
    async request(event, payload, patienceMs = ACK_TIMEOUT_MS) {
      // Without this check the library would keep the event and send it before the rooms are joined again.
      if (!socket.connected) throw new ChatError("DISCONNECTED");
      let answer: unknown;
      try {
        answer = await socket.timeout(patienceMs).emitWithAck(event, payload);
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

/** Hears the server's events, by their names. */
export function listen<E extends object>(socket: Socket, listeners: E): void {
  for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener as (...args: unknown[]) => void);
}

function unwrap<T>(answer: unknown): T {
  const ack = answer as Ack<T> | null | undefined;
  if (ack?.ok === true) return ack;
  if (ack?.ok === false && ack.error) throw new ChatError(ack.error.code, ack.error.message);
  throw new ChatError("BAD_ANSWER");
}
