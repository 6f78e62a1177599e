import { useMemo } from "react";
import { emptyTimeline } from "../stores/timeline";
import { unreadAfter, useRead } from "../stores/read";
import { useRooms } from "../stores/rooms";
import { useTimelines } from "../stores/timelines";
import { useChat } from "./useChat";

/** Messages of others that have come to a room we take part in and were not seen. */
export function useUnreadCount(roomId: number): number {
  const { me } = useChat();
  const joined = useRooms((state) => state.joined.includes(roomId));
  const messages = useTimelines((state) => (state.byRoom[roomId] ?? emptyTimeline).messages);
  const upTo = useRead((state) => state.upTo[roomId] ?? 0);
  return useMemo(
    () => (joined ? unreadAfter(messages, upTo, me.id).length : 0),
    [joined, messages, upTo, me.id],
  );
}

/** The same over all rooms that one takes part in; none without a user. */
export function useUnreadTotal(myId: number | null): number {
  const joined = useRooms((state) => state.joined);
  const byRoom = useTimelines((state) => state.byRoom);
  const upTo = useRead((state) => state.upTo);
  return useMemo(() => {
    if (myId === null) return 0;
    const counts = joined.map((id) => unreadAfter((byRoom[id] ?? emptyTimeline).messages, upTo[id] ?? 0, myId).length);
    return counts.reduce((sum, count) => sum + count, 0);
  }, [myId, joined, byRoom, upTo]);
}
