// What the chat server sends and takes, as its HTTP and Socket.IO contract has it.

export interface User {
  id: number;
  nickname: string;
}

export interface Room {
  id: number;
  name: string;
  createdAt: Timestamp;
}

/** An ISO 8601 text or milliseconds since 1970: `new Date` takes both. */
export type Timestamp = string | number;

export interface Message {
  /** Rises with every message of the server; the order of a room's history. */
  id: number;
  chatRoomId: number;
  sender: User;
  content: string;
  /** Chosen by the sender's page: the same id sent twice is the same message. */
  clientId: string | null;
  createdAt: Timestamp;
}

export interface MessagePage {
  /** Newest last. */
  messages: Message[];
  hasMore: boolean;
}

export interface Session {
  token: string;
  user: User;
  expiresAt: Timestamp;
}

/** A message of ours that the server has not confirmed yet. */
export interface PendingMessage {
  clientId: string;
  chatRoomId: number;
  sender: User;
  content: string;
  /** Milliseconds since 1970, by this machine's clock. */
  writtenAt: number;
  state: "sending" | "failed";
  /** Why it failed, in words. */
  reason?: string;
}

export type ConnectionState = "connected" | "reconnecting" | "offline";

/** What a message may hold, in Unicode characters. */
export const MAX_CONTENT_LENGTH = 2000;
export const MAX_NICKNAME_LENGTH = 32;
