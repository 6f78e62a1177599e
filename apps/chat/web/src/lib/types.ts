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

/** A message in an anonymous channel. */
export interface ChannelMessage {
  /** Rises within the channel, and begins anew when the server does. */
  id: number;
  /** "guest-3f9a2c": the speaker's name for one connection. */
  from: string;
  content: string;
  sentAt: Timestamp;
  /** The id that the speaker's page has given it. */
  clientId?: string;
}

export interface ChannelWelcome {
  /** The name made up for this connection. */
  name: string;
  online: number;
  /** Newest last. */
  recent: ChannelMessage[];
}

/** An appointment that others are invited to. */
export interface CalendarEvent {
  id: number;
  title: string;
  startsAt: Timestamp;
  creator: User;
}

export interface NewEvent {
  title: string;
  startsAt: string;
  /** Nicknames. */
  invited: string[];
  /** The same id sent twice is the same appointment. */
  clientId: string;
}

export interface Notification {
  id: number;
  event: CalendarEvent;
  createdAt: Timestamp;
  read: boolean;
}

export interface NotificationPage {
  /** Newest first. */
  notifications: Notification[];
  /** All that are unread, also those that are not on the page. */
  unread: number;
}

export type ConnectionState = "connected" | "reconnecting" | "offline";

/** What a message may hold, in Unicode characters. */
export const MAX_CONTENT_LENGTH = 2000;
export const MAX_NICKNAME_LENGTH = 32;
export const MAX_TITLE_LENGTH = 200;
export const MAX_INVITED = 100;
