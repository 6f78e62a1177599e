// The image that is chosen in each room and not sent yet. It goes with the page.

import { create } from "zustand";
import { inWords } from "../lib/errors";
import { readImage, releaseImage, type ChosenImage } from "../lib/image";

interface AttachmentsState {
  byRoom: Readonly<Record<number, ChosenImage>>;
  /** Why something cannot be sent, in words. */
  problems: Readonly<Record<number, string>>;
  choose(roomId: number, file: Blob): Promise<void>;
  /** Gives it to whoever sends it. */
  take(roomId: number): ChosenImage | undefined;
  drop(roomId: number): void;
  reset(): void;
}

export const useAttachments = create<AttachmentsState>()((set, get) => ({
  byRoom: {},
  problems: {},

  choose: async (roomId, file) => {
    try {
      const image = await readImage(file);
      get().drop(roomId);
      set(({ byRoom }) => ({ byRoom: { ...byRoom, [roomId]: image } }));
    } catch (error) {
      set(({ problems }) => ({ problems: { ...problems, [roomId]: inWords(error) } }));
    }
  },
  take: (roomId) => {
    const { [roomId]: image, ...byRoom } = get().byRoom;
    const { [roomId]: _, ...problems } = get().problems;
    set({ byRoom, problems });
    return image;
  },
  drop: (roomId) => {
    const image = get().take(roomId);
    if (image) releaseImage(image);
  },
  reset: () => {
    for (const image of Object.values(get().byRoom)) releaseImage(image);
    set({ byRoom: {}, problems: {} });
  },
}));
