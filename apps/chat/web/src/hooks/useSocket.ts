import { useEffect, useState } from "react";
import { createApi } from "../lib/api";
import { ChatClient } from "../lib/chatClient";
import { endsSession, inWords, ChatError } from "../lib/errors";
import { connectionOver, createSocket, type ChatSocket } from "../lib/socket";
import type { Session } from "../lib/types";
import { useConnection } from "../stores/connection";
import { useSession } from "../stores/session";

const CONNECT_AGAIN_MS = 2_000;

/** Keeps a connection for as long as the session is good, and gives the client that works over it. */
export function useSocket(): ChatClient | null {
  const session = useSession((state) => (state.ended === null ? state.session : null));
  const [client, setClient] = useState<ChatClient | null>(null);

  useEffect(() => {
    if (!session) return;
    const { client: opened, close } = open(session);
    setClient(opened);
    return () => {
      setClient(null);
      close();
    };
  }, [session]);

  return client;
}

function open(session: Session): { client: ChatClient; close: () => void } {
  const socket = createSocket(session.token);
  const client = new ChatClient({
    connection: connectionOver(socket),
    api: createApi(session.token),
    me: session.user,
    onSessionEnd: (code) => useSession.getState().end(code),
  });
  const unlink = keepConnected(socket, client);
  socket.on("newMessage", (message) => client.received(message));
  socket.on("online", (event) => client.onlineChanged(event));
  socket.on("typing", (event) => client.typingChanged(event));
  socket.on("roomCreated", (room) => client.roomCreated(room));
  useConnection.getState().set(stateWithout());
  socket.connect();

  return {
    client,
    close: () => {
      unlink();
      socket.off();
      socket.disconnect();
      client.dispose();
      useConnection.getState().set("offline", "You are signed out.");
    },
  };
}

/** The library reconnects after a lost transport; a refusal, a kick and the network's return are ours to handle. */
function keepConnected(socket: ChatSocket, client: ChatClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const setState = useConnection.getState().set;

  function connectLater(): void {
    clearTimeout(timer);
    timer = setTimeout(() => socket.connect(), CONNECT_AGAIN_MS);
  }

  socket.on("connect", () => client.connected());
  socket.on("disconnect", (reason) => {
    client.disconnected();
    setState(stateWithout());
    if (reason === "io server disconnect") connectLater();
  });
  socket.on("connect_error", (error: Error & { data?: { code?: string; retry?: boolean } }) => {
    const code = error.data?.code ?? error.message;
    if (endsSession(code)) return useSession.getState().end(code);
    if (socket.active) return setState(stateWithout());
    // Not active: the server itself refused, and the library gives up.
    if (error.data?.retry === false) return setState("offline", inWords(new ChatError(code, error.message)));
    setState(stateWithout());
    connectLater();
  });

  const onOnline = (): void => {
    if (socket.connected) return;
    // Not to wait for the end of the library's pause.
    socket.disconnect();
    setState("reconnecting");
    socket.connect();
  };
  const onOffline = (): void => {
    if (!socket.connected) setState("offline");
  };
  window.addEventListener("online", onOnline);
  window.addEventListener("offline", onOffline);

  return () => {
    clearTimeout(timer);
    window.removeEventListener("online", onOnline);
    window.removeEventListener("offline", onOffline);
  };
}

function stateWithout(): "reconnecting" | "offline" {
  return navigator.onLine ? "reconnecting" : "offline";
}
