import { create } from "zustand";

/** What the panel of notifications shows; null while it is closed. */
export type PanelView = "list" | "appointment" | null;

interface PanelState {
  view: PanelView;
  show(view: PanelView): void;
}

export const usePanel = create<PanelState>()((set) => ({
  view: null,
  show: (view) => set({ view }),
}));
