// The Socket.IO events of the chat, by namespace and direction.

import type { ChannelMessage, ChannelWelcome, Message, Notification, Room, User } from "./types";

export type Ack<T> = (T & { ok: true }) | { ok: false; error: { code: string; message: string } };

export interface JoinedRoom {
  room: Room;
  online: User[];
}

export interface SentMessage {
  message: Message;
}

/** Events that the server acknowledges: by name, with what is sent and what comes back. */
export type RequestMap = Record<string, { sends: object; returns: object }>;

// A type and not an interface: only then it is a RequestMap.
export type Requests = {
  joinRoom: { sends: { chatRoomId: number }; returns: JoinedRoom };
  leaveRoom: { sends: { chatRoomId: number }; returns: object };
  sendMessage: { sends: { chatRoomId: number; content: string; clientId: string }; returns: SentMessage };
};

export type ChannelRequests = {
  say: { sends: { content: string; clientId: string }; returns: { message: ChannelMessage } };
};

export interface OnlineEvent {
  chatRoomId: number;
  users: User[];
}

export interface TypingEvent {
  chatRoomId: number;
  user: User;
  typing: boolean;
}

/** The server's events in the namespace of the rooms. */
export interface RoomEvents {
  newMessage(message: Message): void;
  online(event: OnlineEvent): void;
  typing(event: TypingEvent): void;
  roomCreated(room: Room): void;
  tokenExpired(event: { code: string }): void;
}

export interface NotificationEvents {
  /** From here on nothing is missed: what is asked over HTTP now is complete. */
  ready(event: { user: User }): void;
  notification(notification: Notification): void;
  notificationRead(event: { id: number }): void;
  tokenExpired(event: { code: string }): void;
}

export interface ChannelEvents {
  welcome(event: ChannelWelcome): void;
  said(message: ChannelMessage): void;
  /** How many are here. */
  online(count: number): void;
}
