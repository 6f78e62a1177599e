// What is written and not sent yet, one text per room, kept across reloads and sign-ins.

import { create } from "zustand";
import { isString, keysUnder, load, save } from "../lib/storage";

interface DraftsState {
  byRoom: Readonly<Record<number, string>>;
  restore(userId: number): void;
  set(roomId: number, text: string): void;
}

export const useDrafts = create<DraftsState>()((set) => {
  let owner: number | null = null;

  return {
    byRoom: {},
    restore: (userId) => {
      owner = userId;
      const byRoom: Record<number, string> = {};
      for (const roomId of keysUnder(`draft/${userId}/`)) {
        byRoom[Number(roomId)] = load(`draft/${userId}/${roomId}`, isString) ?? "";
      }
      set({ byRoom });
    },
    set: (roomId, text) => {
      if (owner !== null) save(`draft/${owner}/${roomId}`, text === "" ? undefined : text);
      set(({ byRoom }) => ({ byRoom: { ...byRoom, [roomId]: text } }));
    },
  };
});
