// What the page works with. What the server sends and takes is read from its own descriptions: contract.ts is made
// by `aerie-chat --emit-typescript`.

import type { NewEventRequest, User } from "./contract";
import type { ChosenImage } from "./image";

export type {
  CalendarEvent,
  ChannelMessage,
  ChannelWelcome,
  Message,
  MessagePage,
  Notification,
  NotificationPage,
  ReadState,
  Room,
  Session,
  User,
} from "./contract";

/** An appointment as the form makes it. */
export interface NewEvent extends NewEventRequest {
  startsAt: string;
}

/** A moment: an ISO 8601 text, as the server sends them, or milliseconds since 1970: `new Date` takes both. */
export type Timestamp = string | number;

/** A message of ours that the server has not confirmed yet. */
export interface PendingMessage {
  clientId: string;
  chatRoomId: number;
  sender: User;
  /** The description of an image, if there is one. */
  content: string;
  image?: ChosenImage;
  /** Milliseconds since 1970, by this machine's clock. */
  writtenAt: number;
  state: "sending" | "failed";
  /** Why it failed, in words. */
  reason?: string;
}

/** In characters; what is longer is not looked for. */
export const MAX_SEARCH_LENGTH = 100;

export type ConnectionState = "connected" | "reconnecting" | "offline";

/** What a message may hold, in Unicode characters. */
export const MAX_CONTENT_LENGTH = 2000;
export const MAX_NICKNAME_LENGTH = 32;
export const MAX_TITLE_LENGTH = 200;
export const MAX_INVITED = 100;
