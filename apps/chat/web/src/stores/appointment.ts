// The appointment that is being written. It stays when the panel is closed and when one has to sign in again.

import { create } from "zustand";
import { changed, emptyAppointment, type AppointmentDraft } from "../lib/appointment";

interface AppointmentState {
  draft: AppointmentDraft;
  change(changes: Partial<Omit<AppointmentDraft, "clientId">>): void;
  reset(): void;
}

export const useAppointment = create<AppointmentState>()((set) => ({
  draft: emptyAppointment(new Date()),
  change: (changes) => set(({ draft }) => ({ draft: changed(draft, changes) })),
  reset: () => set({ draft: emptyAppointment(new Date()) }),
}));
