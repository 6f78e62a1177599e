import { createContext, useContext } from "react";
import type { ChatClient } from "../lib/chatClient";
import type { User } from "../lib/types";
import { useSession } from "../stores/session";

export const ChatClientContext = createContext<ChatClient | null>(null);

interface Chat {
  me: User;
  /** What the user does goes through it; null while there is no good session. */
  client: ChatClient | null;
}

/** For components below the sign-in screen. */
export function useChat(): Chat {
  const client = useContext(ChatClientContext);
  const me = useSession((state) => state.session?.user);
  if (!me) throw new Error("useChat is for components that are shown to somebody signed in");
  return { me, client };
}
