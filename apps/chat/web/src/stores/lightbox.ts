// The image that is shown large.

import { create } from "zustand";

export interface LargeImage {
  src: string;
  alt: string;
}

interface LightboxState {
  /** All that one can go to from there. */
  images: readonly LargeImage[];
  index: number | null;
  open(images: readonly LargeImage[], index: number): void;
  go(steps: number): void;
  close(): void;
}

export const useLightbox = create<LightboxState>()((set) => ({
  images: [],
  index: null,
  open: (images, index) => set({ images, index }),
  go: (steps) =>
    set(({ images, index }) => (index === null ? {} : { index: Math.min(images.length - 1, Math.max(0, index + steps)) })),
  close: () => set({ index: null }),
}));
