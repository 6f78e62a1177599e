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
