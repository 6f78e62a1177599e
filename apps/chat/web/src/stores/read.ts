// How far each room has been read: for the counts in the list and the "new messages" line.

import { create } from "zustand";
import { isNumber, keysUnder, load, save } from "../lib/storage";
import type { Message } from "../lib/types";

interface ReadState {
  /** The newest message seen, by room. */
  upTo: Readonly<Record<number, number>>;
  restore(userId: number): void;
  /** Never goes back. */
  mark(roomId: number, messageId: number): void;
}

export const useRead = create<ReadState>()((set, get) => {
  let owner: number | null = null;

  return {
    upTo: {},
    restore: (userId) => {
      owner = userId;
      const upTo: Record<number, number> = {};
      for (const roomId of keysUnder(`read/${userId}/`)) {
        upTo[Number(roomId)] = load(`read/${userId}/${roomId}`, isNumber) ?? 0;
      }
      set({ upTo });
    },
    mark: (roomId, messageId) => {
      if ((get().upTo[roomId] ?? 0) >= messageId) return;
      if (owner !== null) save(`read/${owner}/${roomId}`, messageId);
      set(({ upTo }) => ({ upTo: { ...upTo, [roomId]: messageId } }));
    },
  };
});

/** Messages of others behind `upTo`. */
export function unreadAfter(messages: readonly Message[], upTo: number, myId: number): Message[] {
  let start = messages.length;
  while (start > 0 && messages[start - 1]!.id > upTo) start -= 1;
  return messages.slice(start).filter((message) => message.sender.id !== myId);
}
