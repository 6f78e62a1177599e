// News that is shown for a while over whatever is open.

import { create } from "zustand";
import type { Notification } from "../lib/types";

/** More at once would cover the page; the panel has them all. */
const MAX_SHOWN = 3;

interface ToastsState {
  /** Newest last. */
  shown: readonly Notification[];
  show(notification: Notification): void;
  dismiss(id: number): void;
  dismissAll(): void;
}

export const useToasts = create<ToastsState>()((set) => ({
  shown: [],
  show: (notification) => set(({ shown }) => ({ shown: [...shown, notification].slice(-MAX_SHOWN) })),
  dismiss: (id) =>
    set((state) => (state.shown.some((each) => each.id === id) ? { shown: state.shown.filter((each) => each.id !== id) } : state)),
  dismissAll: () => set({ shown: [] }),
}));
