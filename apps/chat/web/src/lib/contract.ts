// The contract of aerie-chat, made of what its gateways and controllers say:
//     aerie-chat --emit-typescript FILE
// What is changed here is lost when it is made anew. It needs no other file.
//
// Integers are numbers, which JavaScript has exactly up to 2^53 - 1 (Number.MAX_SAFE_INTEGER); those that
// may be larger the server sends as texts of digits (aerie::IntegerText), which are strings here.

/** Changes with the contract. Sent in `auth` as `contract`, it lets the server's log tell of stale pages. */
export const contractHash = "6d9f56982d3b605a";

export interface CalendarEvent {
  id: number;
  title: string;
  startsAt: string;
  creator: User;
}

export interface ChannelMessage {
  id: number;
  from: string;
  content: string;
  sentAt: string;
  clientId?: string;
}

export interface ChannelWelcome {
  name: string;
  online: number;
  recent: ChannelMessage[];
}

export interface DeleteRequest {
  chatRoomId: number;
  id: number;
}

export interface EditRequest {
  chatRoomId: number;
  id: number;
  /** 1 to 2000 characters. */
  content: string;
}

/** What the server refuses, over HTTP and over Socket.IO alike. */
export type ErrorCode =
  | "BAD_REQUEST"
  | "INVALID_NICKNAME"
  | "INVALID_NAME"
  | "ROOM_EXISTS"
  | "ROOM_NOT_FOUND"
  | "NOT_A_MEMBER"
  | "NOT_YOURS"
  | "EMPTY"
  | "TOO_LONG"
  | "MISSING_TOKEN"
  | "INVALID_TOKEN"
  | "EXPIRED_TOKEN"
  | "INVALID_EVENT"
  | "INVALID_IMAGE"
  | "IMAGE_TOO_LARGE"
  | "IMAGE_QUOTA"
  | "UNKNOWN_USER"
  | "TOO_MANY_REQUESTS"
  | "STORE_FAILED"
  | "NOT_FOUND"
  | "INTERNAL";

export interface ErrorInfo {
  code: ErrorCode;
  message: string;
}

export interface ImageInfo {
  /** It is at /api/images/:key, for whoever knows the key. */
  key: string;
  /** image/png, image/jpeg, image/gif or image/webp. */
  type: string;
  /** In pixels. */
  width: number;
  height: number;
}

export interface Joined {
  ok: true;
  room: Room;
  online: User[];
}

export interface LeaveRequest {
  chatRoomId: number;
  /** True: the user takes no more part in it, on any device. Otherwise it is this connection that leaves. */
  everywhere?: boolean | null;
}

export interface Left {
  ok: true;
}

export interface LoginRequest {
  nickname: string;
}

export interface MarkReadRequest {
  chatRoomId: number;
  /**
   * The last message that was seen; 0: none.
   * @minimum 0
   */
  upTo: number;
}

export interface MarkedRead {
  ok: true;
  state: ReadState;
}

export interface Me {
  user: User;
}

export interface Mention {
  room: Room;
  message: Message;
}

export interface Message {
  id: number;
  chatRoomId: number;
  sender: User;
  content: string;
  clientId: string;
  createdAt: string;
  /** When its sender has changed or deleted it last. */
  changedAt?: string;
  /** True when its sender has deleted it: its content is gone. */
  deleted?: boolean;
  /** Who is mentioned in it: @ and a nickname. */
  mentions?: User[];
  /** The content is then its description, which may be empty. */
  image?: ImageInfo;
}

export interface MessagePage {
  messages: Message[];
  hasMore: boolean;
}

export interface NewEventRequest {
  title: string;
  startsAt: string | Date;
  invited: string[];
  clientId: string;
}

export interface NewRoomRequest {
  name: string;
}

export interface Notification {
  id: number;
  /** What the user is invited to. */
  event?: CalendarEvent;
  /** Where the user is mentioned. It has an event or a mention. */
  mention?: Mention;
  createdAt: string;
  read: boolean;
}

export interface NotificationPage {
  notifications: Notification[];
  unread: number;
}

export interface OnlineNews {
  chatRoomId: number;
  users: User[];
}

export interface ReadNews {
  id: number;
}

export interface ReadState {
  chatRoomId: number;
  /** The last message that was seen; 0: none. */
  upTo: number;
  /** Messages of others from there to `newest`; no more than 1000 are looked at. */
  unread: number;
  newest: number;
}

export interface Ready {
  user: User;
}

export interface Refused {
  ok: false;
  error: ErrorInfo;
}

export interface Room {
  id: number;
  name: string;
  createdAt: string;
}

export interface RoomLeftNews {
  chatRoomId: number;
}

export interface RoomRequest {
  chatRoomId: number;
}

export interface Said {
  ok: true;
  message: ChannelMessage;
}

export interface SayRequest {
  content: string;
  /**
   * @minLength 1
   * @maxLength 128
   */
  clientId?: string | null;
}

export interface SendImageRequest {
  chatRoomId: number;
  /** What is to be seen, for those who do not see it: up to 2000 characters. */
  content: string;
  /** Made up by the client: the same id is the same message. */
  clientId: string;
  /** PNG, JPEG, GIF or WebP, up to 1 MiB. */
  image: ArrayBuffer | ArrayBufferView;
}

export interface SendRequest {
  chatRoomId: number;
  /** 1 to 2000 characters. */
  content: string;
  /** Made up by the client: the same id is the same message. */
  clientId: string;
}

export interface Sent {
  ok: true;
  message: Message;
}

export interface Session {
  token: string;
  user: User;
  expiresAt: string;
}

export interface TokenAuth {
  /** A JSON Web Token. */
  token: string;
}

export interface TokenNews {
  code: ErrorCode;
  retry: boolean;
}

export interface TypingNews {
  chatRoomId: number;
  user: User;
  typing: boolean;
}

export interface TypingRequest {
  chatRoomId: number;
  typing: boolean;
}

export interface User {
  id: number;
  nickname: string;
}

/**
 * What the server sends in the namespace /.
 * Rooms, for those who have signed in.
 */
export interface ServerToClientEvents {
  /** To all in its room, its sender included. */
  newMessage: (payload: Message) => void;
  /** To all in its room: its sender has changed or deleted it. */
  messageChanged: (payload: Message) => void;
  roomCreated: (payload: Room) => void;
  typing: (payload: TypingNews) => void;
  /** Who is in a room, whenever that changes. */
  online: (payload: OnlineNews) => void;
  /** Come back with a new token, or be disconnected soon. */
  tokenExpired: (payload: TokenNews) => void;
}

/** What the server takes in the namespace /. */
export interface ClientToServerEvents {
  joinRoom: (payload: RoomRequest, ack: (answer: Joined | Refused) => void) => void;
  leaveRoom: (payload: LeaveRequest, ack: (answer: Left | Refused) => void) => void;
  sendMessage: (payload: SendRequest, ack: (answer: Sent | Refused) => void) => void;
  sendImage: (payload: SendImageRequest, ack: (answer: Sent | Refused) => void) => void;
  editMessage: (payload: EditRequest, ack: (answer: Sent | Refused) => void) => void;
  deleteMessage: (payload: DeleteRequest, ack: (answer: Sent | Refused) => void) => void;
  markRead: (payload: MarkReadRequest, ack: (answer: MarkedRead | Refused) => void) => void;
  typing: (payload: TypingRequest) => void;
}

/** What is sent as `auth` to connect to the namespace /. */
export type HandshakeAuth = TokenAuth;

/** The codes of errors in the namespace /. */
export type ErrorCodes = ErrorCode;

/**
 * What the server sends in the namespaces that match ^/channel-[a-z0-9][a-z0-9-]{0,62}$.
 * Anonymous channels: nobody signs in, nothing is stored.
 */
export interface ChannelServerToClientEvents {
  /** The first event of a connection. */
  welcome: (payload: ChannelWelcome) => void;
  said: (payload: ChannelMessage) => void;
  /** How many are here. */
  online: (payload: number) => void;
}

/** What the server takes in the namespaces that match ^/channel-[a-z0-9][a-z0-9-]{0,62}$. */
export interface ChannelClientToServerEvents {
  say: (payload: SayRequest, ack: (answer: Said | Refused) => void) => void;
}

/** The codes of errors in the namespaces that match ^/channel-[a-z0-9][a-z0-9-]{0,62}$. */
export type ChannelErrorCodes = ErrorCode;

/**
 * What the server sends in the namespace /notifications.
 * What concerns a user, wherever in the page he is.
 */
export interface NotificationsServerToClientEvents {
  /** From here on nothing is missed: what is asked over HTTP now is complete. */
  ready: (payload: Ready) => void;
  notification: (payload: Notification) => void;
  notificationRead: (payload: ReadNews) => void;
  /** How far the user has read a room, in whichever tab. */
  roomRead: (payload: ReadState) => void;
  /** The user has left a room for good, in whichever tab. */
  roomLeft: (payload: RoomLeftNews) => void;
  /** Come back with a new token, or be disconnected soon. */
  tokenExpired: (payload: TokenNews) => void;
}

/** What the server takes in the namespace /notifications. */
export interface NotificationsClientToServerEvents {
}

/** What is sent as `auth` to connect to the namespace /notifications. */
export type NotificationsHandshakeAuth = TokenAuth;

/** The codes of errors in the namespace /notifications. */
export type NotificationsErrorCodes = ErrorCode;

/** All namespaces, those of a pattern by the pattern. */
export interface Namespaces {
  "/": {
    serverToClient: ServerToClientEvents;
    clientToServer: ClientToServerEvents;
    auth: HandshakeAuth;
    errorCodes: ErrorCodes;
  };
  "^/channel-[a-z0-9][a-z0-9-]{0,62}$": {
    serverToClient: ChannelServerToClientEvents;
    clientToServer: ChannelClientToServerEvents;
    auth: unknown;
    errorCodes: ChannelErrorCodes;
  };
  "/notifications": {
    serverToClient: NotificationsServerToClientEvents;
    clientToServer: NotificationsClientToServerEvents;
    auth: NotificationsHandshakeAuth;
    errorCodes: NotificationsErrorCodes;
  };
}

/** The HTTP routes, by their methods and paths. */
export interface Routes {
  "POST /api/login": {
    body: LoginRequest;
    response: Session;
    error: ErrorInfo;
  };
  "GET /api/me": {
    response: Me;
    error: ErrorInfo;
  };
  "GET /api/rooms": {
    response: Room[];
    error: ErrorInfo;
  };
  "POST /api/rooms": {
    body: NewRoomRequest;
    response: Room;
    error: ErrorInfo;
  };
  "GET /api/rooms/reading": {
    response: ReadState[];
    error: ErrorInfo;
  };
  "GET /api/rooms/:id/messages": {
    params: { id: number };
    query: { before?: number | null; limit?: number | null };
    response: MessagePage;
    error: ErrorInfo;
  };
  "GET /api/rooms/:id/search": {
    params: { id: number };
    query: { q?: string | null; before?: number | null; limit?: number | null };
    response: MessagePage;
    error: ErrorInfo;
  };
  "POST /api/events": {
    body: NewEventRequest;
    response: CalendarEvent;
    error: ErrorInfo;
  };
  "GET /api/notifications": {
    query: { unread?: string | null; limit?: number | null };
    response: NotificationPage;
    error: ErrorInfo;
  };
  "POST /api/notifications/:id/read": {
    params: { id: number };
    response: undefined;
    error: ErrorInfo;
  };
}
