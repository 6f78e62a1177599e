import { useMemo } from "react";
import { emptyTimeline } from "../stores/timeline";
import { unreadCount, useRead } from "../stores/read";
import { useRooms } from "../stores/rooms";
import { useTimelines } from "../stores/timelines";
import { useChat } from "./useChat";

/** Messages of others that have come to a room we take part in and were not seen. */
export function useUnreadCount(roomId: number): number {
  const { me } = useChat();
  const joined = useRooms((state) => state.joined.includes(roomId));
  const timeline = useTimelines((state) => state.byRoom[roomId] ?? emptyTimeline);
  const upTo = useRead((state) => state.upTo[roomId] ?? 0);
  const known = useRead((state) => state.states[roomId]);
  return useMemo(
    () => (joined ? unreadCount(timeline, upTo, known, me.id) : 0),
    [joined, timeline, upTo, known, me.id],
  );
}

/** The same over all rooms that one takes part in; none without a user. */
export function useUnreadTotal(myId: number | null): number {
  const joined = useRooms((state) => state.joined);
  const byRoom = useTimelines((state) => state.byRoom);
  const upTo = useRead((state) => state.upTo);
  const known = useRead((state) => state.states);
  return useMemo(() => {
    if (myId === null) return 0;
    const counts = joined.map((id) => unreadCount(byRoom[id] ?? emptyTimeline, upTo[id] ?? 0, known[id], myId));
    return counts.reduce((sum, count) => sum + count, 0);
  }, [myId, joined, byRoom, upTo, known]);
}
