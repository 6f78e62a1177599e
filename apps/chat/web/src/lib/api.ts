// The HTTP side of the chat server.

import { ChatError } from "./errors";
import type { CalendarEvent, MessagePage, NewEvent, NotificationPage, ReadState, Room, Session } from "./types";

/** Where the server is; empty means the origin this page came from. */
export const apiOrigin: string = (import.meta.env.VITE_API_URL ?? "").replace(/\/+$/, "");

/** Where the image of a message is. */
export function imageAddress({ key }: { key: string }): string {
  return `${apiOrigin}/api/images/${key}`;
}

const TIMEOUT_MS = 15_000;
export const PAGE_SIZE = 50;
const OLDER_PAGE_SIZE = 100;
const SEARCH_PAGE_SIZE = 20;

export interface Api {
  rooms(): Promise<Room[]>;
  createRoom(name: string): Promise<Room>;
  /** One page of a room's history, newest last: the latest, or the one before message `before`. */
  messages(roomId: number, before?: number): Promise<MessagePage>;
  /** The newest messages of a room with `text` in them, newest last: the latest, or those before message `before`. */
  search(roomId: number, text: string, before?: number): Promise<MessagePage>;
  /** How far one has read, in each room that one takes part in. */
  reading(): Promise<ReadState[]>;
  createEvent(event: NewEvent): Promise<CalendarEvent>;
  /** The newest ones, newest first. */
  notifications(): Promise<NotificationPage>;
  unreadNotifications(): Promise<NotificationPage>;
  markRead(notificationId: number): Promise<void>;
}

export function login(nickname: string): Promise<Session> {
  return call("POST", "/api/login", { body: { nickname } });
}

export function createApi(token: string): Api {
  return {
    rooms: () => call("GET", "/api/rooms", { token }),
    createRoom: (name) => call("POST", "/api/rooms", { token, body: { name } }),
    messages: (roomId, before) => {
      // Who goes back goes further.
      const query = new URLSearchParams({ limit: String(before === undefined ? PAGE_SIZE : OLDER_PAGE_SIZE) });
      if (before !== undefined) query.set("before", String(before));
      return call("GET", `/api/rooms/${roomId}/messages?${query}`, { token });
    },
    search: (roomId, text, before) => {
      const query = new URLSearchParams({ q: text, limit: String(SEARCH_PAGE_SIZE) });
      if (before !== undefined) query.set("before", String(before));
      return call("GET", `/api/rooms/${roomId}/search?${query}`, { token });
    },
    reading: () => call("GET", "/api/rooms/reading", { token }),
    createEvent: (event) => call("POST", "/api/events", { token, body: event }),
    notifications: () => call("GET", `/api/notifications?limit=${PAGE_SIZE}`, { token }),
    unreadNotifications: () => call("GET", `/api/notifications?unread=true&limit=${PAGE_SIZE}`, { token }),
    markRead: (id) => call("POST", `/api/notifications/${id}/read`, { token }),
  };
}

interface CallOptions {
  token?: string;
  body?: unknown;
}

async function call<T>(method: string, path: string, { token, body }: CallOptions): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";

  const request: RequestInit = { method, headers, credentials: "include", signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (body !== undefined) request.body = JSON.stringify(body);

  let status: number;
  let answer: unknown;
  try {
    const response = await fetch(apiOrigin + path, request);
    status = response.status;
    answer = parse(await response.text());
  } catch (error) {
    throw new ChatError(error instanceof DOMException && error.name === "TimeoutError" ? "TIMEOUT" : "NETWORK");
  }
  if (status < 200 || status >= 300) throw errorFrom(status, answer);
  if (answer === undefined && status !== 204) throw new ChatError("BAD_ANSWER");
  return answer as T;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorFrom(status: number, answer: unknown): ChatError {
  const { code, message } = (answer ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string") return new ChatError(code, typeof message === "string" ? message : undefined);
  return new ChatError("HTTP", `The server answered with status ${status}.`);
}
