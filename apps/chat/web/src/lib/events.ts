// The Socket.IO events of the chat, by direction; anonymous channels and notifications will add theirs here.

import type { Message, Room, User } from "./types";

export type Ack<T> = (T & { ok: true }) | { ok: false; error: { code: string; message: string } };

export interface JoinedRoom {
  room: Room;
  online: User[];
}

export interface SentMessage {
  message: Message;
}

/** Requests: events that the server acknowledges, with what is sent and what comes back. */
export interface Requests {
  joinRoom: { sends: { chatRoomId: number }; returns: JoinedRoom };
  leaveRoom: { sends: { chatRoomId: number }; returns: object };
  sendMessage: { sends: { chatRoomId: number; content: string; clientId: string }; returns: SentMessage };
}

export interface OnlineEvent {
  chatRoomId: number;
  users: User[];
}

export interface TypingEvent {
  chatRoomId: number;
  user: User;
  typing: boolean;
}

export interface ServerEvents {
  newMessage(message: Message): void;
  online(event: OnlineEvent): void;
  typing(event: TypingEvent): void;
  roomCreated(room: Room): void;
}
