// How far each room has been read: for the counts in the list, the title and the "new messages" line. Kept in the browser and
// followed by all of its tabs; the server does not know it, so that another device counts for itself.

import { create } from "zustand";
import { followOtherTabsUnder, isNumber, keysUnder, load, save } from "../lib/storage";
import type { Message } from "../lib/types";

interface ReadState {
  /** The newest message seen, by room. */
  upTo: Readonly<Record<number, number>>;
  restore(userId: number): void;
  /** Never goes back. */
  mark(roomId: number, messageId: number): void;
  /** What another tab of this browser has seen, for whichever user. */
  heard(userId: number, roomId: number, messageId: number): void;
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
    heard: (userId, roomId, messageId) => {
      if (userId !== owner || (get().upTo[roomId] ?? 0) >= messageId) return;
      set(({ upTo }) => ({ upTo: { ...upTo, [roomId]: messageId } }));
    },
    mark: (roomId, messageId) => {
      if ((get().upTo[roomId] ?? 0) >= messageId) return;
      if (owner !== null) save(`read/${owner}/${roomId}`, messageId);
      set(({ upTo }) => ({ upTo: { ...upTo, [roomId]: messageId } }));
    },
  };
});

/** What is seen in one tab is seen in all of them. Returns how to stop that. */
export function followReading(): () => void {
  return followOtherTabsUnder("read/", (rest, value) => {
    const [userId, roomId] = rest.split("/").map(Number);
    if (userId && roomId && isNumber(value)) useRead.getState().heard(userId, roomId, value);
  });
}

/** Messages of others behind `upTo`. */
export function unreadAfter(messages: readonly Message[], upTo: number, myId: number): Message[] {
  let start = messages.length;
  while (start > 0 && messages[start - 1]!.id > upTo) start -= 1;
  return messages.slice(start).filter((message) => message.sender.id !== myId && !message.deleted);
}
