// Which of one's own messages is being changed; one at a time.

import { create } from "zustand";

interface EditingState {
  messageId: number | null;
  begin(messageId: number): void;
  end(): void;
}

export const useEditing = create<EditingState>()((set) => ({
  messageId: null,
  begin: (messageId) => set({ messageId }),
  end: () => set({ messageId: null }),
}));
