import { create } from "zustand";
import type { ConnectionState } from "../lib/types";

interface ConnectionStore {
  state: ConnectionState;
  /** Why the server will not have us, in words; null while there is hope. */
  refusal: string | null;
  set(state: ConnectionState, refusal?: string): void;
}

export const useConnection = create<ConnectionStore>()((set) => ({
  state: "reconnecting",
  refusal: null,
  set: (state, refusal) => set({ state, refusal: refusal ?? null }),
}));
