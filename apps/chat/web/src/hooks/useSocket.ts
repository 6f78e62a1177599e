import { useEffect, useState } from "react";
import { createApi, type Api } from "../lib/api";
import { ChatClient } from "../lib/chatClient";
import { endsSession } from "../lib/errors";
import type { NotificationEvents, Requests, RoomEvents } from "../lib/events";
import type { Line } from "../lib/line";
import { NotificationsClient } from "../lib/notificationsClient";
import { ReadingClient } from "../lib/readingClient";
import { connectionOver, listen } from "../lib/socket";
import type { Session } from "../lib/types";
import { useConnection } from "../stores/connection";
import { useSession } from "../stores/session";
import { words } from "../stores/settings";
import type { Clients } from "./useChat";
import { useLine } from "./useLine";

/** Keeps rooms and notifications connected for as long as the session is good, and gives the clients that work there. */
export function useSocket(): Clients | null {
  const line = useLine();
  const session = useSession((state) => (state.ended === null ? state.session : null));
  const [clients, setClients] = useState<Clients | null>(null);

  useEffect(() => {
    if (!session) return;
    const api = createApi(session.token);
    const rooms = openRooms(line, session, api);
    const notifications = openNotifications(line, session, api, rooms.reading);
    setClients({ chat: rooms.client, notifications: notifications.client });
    return () => {
      setClients(null);
      rooms.close();
      notifications.close();
    };
  }, [line, session]);

  return clients;
}

function openRooms(line: Line, session: Session, api: Api): { client: ChatClient; reading: ReadingClient; close: () => void } {
  const { token, user } = session;
  const link = line.open("/", {
    token,
    onState: (state, refusal) => useConnection.getState().set(state, refusal),
    onConnected: (recovered) => {
      client.connected(recovered);
      reading.connected();
    },
    onDisconnected: () => client.disconnected(),
    onRefused: endSessionIf,
  });
  const connection = connectionOver<Requests>(link.socket);
  const client = new ChatClient({ connection, api, me: user, onSessionEnd: endSession });
  const reading = new ReadingClient({
    connection,
    api,
    follow: (roomIds) => client.follow(roomIds),
    leftElsewhere: (roomId) => client.leftElsewhere(roomId),
    onSessionEnd: endSession,
  });
  listen<RoomEvents>(link.socket, {
    newMessage: (message) => client.received(message),
    messageChanged: (message) => {
      client.changed(message);
      reading.changed(message);
    },
    online: (event) => client.onlineChanged(event),
    typing: (event) => client.typingChanged(event),
    roomCreated: (room) => client.roomCreated(room),
    tokenExpired: ({ code }) => endSession(code),
  });
  link.connect();

  return {
    client,
    reading,
    close: () => {
      link.close();
      client.dispose();
      reading.dispose();
      useConnection.getState().set("offline", words().signedOut);
    },
  };
}

function openNotifications(
  line: Line,
  { token }: Session,
  api: Api,
  reading: ReadingClient,
): { client: NotificationsClient; close: () => void } {
  const link = line.open("/notifications", {
    token,
    onDisconnected: () => {
      client.disconnected();
      reading.disconnected();
    },
    onRefused: endSessionIf,
  });
  const client = new NotificationsClient({ api, onSessionEnd: endSession });
  listen<NotificationEvents>(link.socket, {
    ready: () => {
      client.ready();
      reading.ready();
    },
    roomRead: (state) => reading.heard(state),
    roomLeft: ({ chatRoomId }) => reading.left(chatRoomId),
    notification: (notification) => client.arrived(notification),
    notificationRead: ({ id }) => client.wasRead(id),
    tokenExpired: ({ code }) => endSession(code),
  });
  link.connect();

  return {
    client,
    close: () => {
      link.close();
      client.dispose();
    },
  };
}

function endSession(code: string): void {
  useSession.getState().end(code);
}

function endSessionIf(code: string): boolean {
  if (endsSession(code)) endSession(code);
  return endsSession(code);
}
