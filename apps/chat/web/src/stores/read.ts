// How far each room has been read: for the counts in the list, the title and the "new messages" line. The server keeps it for
// each user, and tells all of his tabs; what this browser has seen is kept here as well until the server has heard of it.

import { create } from "zustand";
import { followOtherTabsUnder, isNumber, isNumbers, keysUnder, load, save } from "../lib/storage";
import type { Message, ReadState } from "../lib/types";
import type { Timeline } from "./timeline";

interface ReadStore {
  /** The newest message seen, by room; 0 in a room that was empty when it was seen. */
  upTo: Readonly<Record<number, number>>;
  /** What the server said last, by room. */
  states: Readonly<Record<number, ReadState>>;
  /** Rooms that one takes part in as far as the server knows. */
  followed: readonly number[];

  restore(userId: number): void;
  /** What is seen here. Never goes back. */
  mark(roomId: number, messageId: number): void;
  /** What another tab of this browser has seen, for whichever user. */
  heard(userId: number, roomId: number, messageId: number): void;
  /** What the server says; an older word is ignored. */
  learn(state: ReadState): void;
  /** The server knows no more that one takes part in a room. */
  unfollow(roomId: number): void;
}

export const useRead = create<ReadStore>()((set, get) => {
  let owner: number | null = null;

  function setFollowed(followed: readonly number[]): void {
    if (owner !== null) save(`followed/${owner}`, followed);
    set({ followed });
  }

  return {
    upTo: {},
    states: {},
    followed: [],

    restore: (userId) => {
      owner = userId;
      const upTo: Record<number, number> = {};
      for (const roomId of keysUnder(`read/${userId}/`)) {
        upTo[Number(roomId)] = load(`read/${userId}/${roomId}`, isNumber) ?? 0;
      }
      set({ upTo, states: {}, followed: load(`followed/${userId}`, isNumbers) ?? [] });
    },
    heard: (userId, roomId, messageId) => {
      if (userId !== owner || (get().upTo[roomId] ?? -1) >= messageId) return;
      set(({ upTo }) => ({ upTo: { ...upTo, [roomId]: messageId } }));
    },
    mark: (roomId, messageId) => {
      if ((get().upTo[roomId] ?? -1) >= messageId) return;
      if (owner !== null) save(`read/${owner}/${roomId}`, messageId);
      set(({ upTo }) => ({ upTo: { ...upTo, [roomId]: messageId } }));
    },
    learn: (state) => {
      const { chatRoomId, upTo } = state;
      const { states, followed } = get();
      if (!followed.includes(chatRoomId)) setFollowed([...followed, chatRoomId]);
      if (!isOlder(state, states[chatRoomId])) set({ states: { ...states, [chatRoomId]: state } });
      get().mark(chatRoomId, upTo);
    },
    unfollow: (roomId) => {
      const { [roomId]: _, ...states } = get().states;
      set({ states });
      setFollowed(get().followed.filter((id) => id !== roomId));
    },
  };
});

// News of two instances may overtake each other.
function isOlder(state: ReadState, known: ReadState | undefined): boolean {
  if (known === undefined || state.upTo > known.upTo) return false;
  return state.upTo < known.upTo || state.newest < known.newest;
}

export function readStateOf(roomId: number): ReadState | undefined {
  return useRead.getState().states[roomId];
}

/** What is seen in one tab is seen in all of them. Returns how to stop that. */
export function followReading(): () => void {
  return followOtherTabsUnder("read/", (rest, value) => {
    const [userId, roomId] = rest.split("/").map(Number);
    if (userId && roomId && isNumber(value)) useRead.getState().heard(userId, roomId, value);
  });
}

/** Messages of others behind `upTo`. */
export function unreadAfter(messages: readonly Message[], upTo: number, myId: number): Message[] {
  let start = messages.length;
  while (start > 0 && messages[start - 1]!.id > upTo) start -= 1;
  return messages.slice(start).filter((message) => message.sender.id !== myId && !message.deleted);
}

/** All messages behind `upTo` are here, so that they can be counted. */
export function reachesBack({ messages, hasOlder, knownUpTo }: Timeline, upTo: number): boolean {
  return knownUpTo !== null && (!hasOlder || (messages[0] !== undefined && messages[0].id <= upTo));
}

/** How many messages of others are behind `upTo`: those that are here, or what the server counted and those after it. */
export function unreadCount(timeline: Timeline, upTo: number, state: ReadState | undefined, myId: number): number {
  if (state === undefined || state.upTo !== upTo || reachesBack(timeline, upTo)) {
    return unreadAfter(timeline.messages, upTo, myId).length;
  }
  return state.unread + unreadAfter(timeline.messages, Math.max(upTo, state.newest), myId).length;
}
