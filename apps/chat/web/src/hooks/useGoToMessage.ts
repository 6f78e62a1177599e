import { useCallback } from "react";
import { pointTo } from "../lib/pointTo";
import { goTo } from "../lib/route";
import type { Message } from "../lib/types";
import { usePanel } from "../stores/panel";
import { useChat } from "./useChat";

/** Opens the room of a message, with the message in the middle; in a room where it is too far back, the room. */
export function useGoToMessage(): (message: Message) => void {
  const { client } = useChat();
  return useCallback(
    (message) => {
      if (!client) return;
      usePanel.getState().show(null);
      goTo({ view: "rooms" });
      client.openRoom(message.chatRoomId);
      void client
        .isOpen(message.chatRoomId)
        .then(() => client.loadBackTo(message.chatRoomId, message.id))
        // After what was loaded is drawn.
        .then((found) => void (found && setTimeout(() => pointTo(message.id))))
        .catch(() => undefined);
    },
    [client],
  );
}
