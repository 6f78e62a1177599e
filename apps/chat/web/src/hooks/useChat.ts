import { createContext, useContext } from "react";
import type { ChatClient } from "../lib/chatClient";
import type { NotificationsClient } from "../lib/notificationsClient";
import type { User } from "../lib/types";
import { useSession } from "../stores/session";

/** What a session works with. */
export interface Clients {
  chat: ChatClient;
  notifications: NotificationsClient;
}

export const ClientsContext = createContext<Clients | null>(null);

interface Chat {
  me: User;
  /** What the user does goes through them; null while there is no good session. */
  client: ChatClient | null;
  notifications: NotificationsClient | null;
}

/** For components that only somebody signed in sees. */
export function useChat(): Chat {
  const clients = useContext(ClientsContext);
  const me = useSession((state) => state.session?.user);
  if (!me) throw new Error("useChat is for components that are shown to somebody signed in");
  return { me, client: clients?.chat ?? null, notifications: clients?.notifications ?? null };
}
