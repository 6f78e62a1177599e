import { create } from "zustand";
import { emptyTimeline, type Timeline } from "./timeline";

interface TimelinesState {
  byRoom: Readonly<Record<number, Timeline>>;
  change(roomId: number, apply: (timeline: Timeline) => Timeline): void;
  changeAll(apply: (timeline: Timeline) => Timeline): void;
  reset(): void;
}

export const useTimelines = create<TimelinesState>()((set) => ({
  byRoom: {},
  change: (roomId, apply) =>
    set(({ byRoom }) => ({ byRoom: { ...byRoom, [roomId]: apply(byRoom[roomId] ?? emptyTimeline) } })),
  changeAll: (apply) =>
    set(({ byRoom }) => ({
      byRoom: Object.fromEntries(Object.entries(byRoom).map(([roomId, timeline]) => [roomId, apply(timeline)])),
    })),
  reset: () => set({ byRoom: {} }),
}));

export function timelineOf(roomId: number): Timeline {
  return useTimelines.getState().byRoom[roomId] ?? emptyTimeline;
}
